import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coerceError, errorCode, PlantroomError } from '@plantroom/base';

/** Days. Browsers and phones refuse a server's certificate beyond 825. */
const lifetime = { authority: 3650, server: 825 } as const;

/** Files of a certificate authority of our own and of the one server that it vouches for, PEM. */
export interface CertificateFiles {
  readonly authority: string;
  readonly authorityKey: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Makes the authority and the server's certificate with `openssl`, unless they are there; `names` are host names and
 * addresses under which clients reach the server. Keys are P-256. Throws PlantroomError `openssl`.
 */
export function makeCertificates(files: CertificateFiles, names: readonly string[]): void {
  if (!existsSync(files.authority) || !existsSync(files.authorityKey)) {
    const extensions = ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign,cRLSign'];
    make([files.authority, files.authorityKey], (certificate, key) =>
      openssl(
        ...['req', '-x509', '-new', ...newKey, '-subj', '/CN=Plantroom authority', '-days', String(lifetime.authority)],
        ...extensions.flatMap((e) => ['-addext', e]),
        ...['-keyout', key, '-out', certificate],
      ),
    );
  }
  if (existsSync(files.certificate) && existsSync(files.key)) return;
  make([files.certificate, files.key], (certificate, key, scratch) => {
    const [request, extensions] = [join(scratch, 'request'), join(scratch, 'extensions')];
    const alternatives = names.map((n) => `${/^[\d.]+$|:/.test(n) ? 'IP' : 'DNS'}:${n}`).join(',');
    writeFileSync(
      extensions,
      `subjectAltName=${alternatives}\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n`,
    );
    openssl('req', '-new', ...newKey, '-subj', `/CN=${names[0]}`, '-keyout', key, '-out', request);
    openssl(
      ...['x509', '-req', '-in', request, '-CA', files.authority, '-CAkey', files.authorityKey, '-CAcreateserial'],
      ...['-CAserial', join(scratch, 'serial'), '-days', String(lifetime.server), '-extfile', extensions],
      ...['-out', certificate],
    );
  });
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'] as const;

/** Made beside its place and renamed into it, the key first: a run that is cut leaves no certificate without its key. */
function make(
  [certificate, key]: readonly [string, string],
  run: (certificate: string, key: string, scratch: string) => void,
): void {
  const scratch = mkdtempSync(`${certificate}.new-`);
  try {
    const [made, madeKey] = [join(scratch, 'certificate'), join(scratch, 'key')];
    run(made, madeKey, scratch);
    renameSync(madeKey, key);
    renameSync(made, certificate);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function openssl(...args: string[]): void {
  try {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (thrown) {
    const missing = errorCode(thrown) === 'ENOENT';
    throw new PlantroomError('openssl', `no certificate could be made: ${coerceError(thrown).message}`, {
      hint: missing
        ? 'Install it: apt-get install openssl.'
        : 'Check that the folder can be written and the disk is not full.',
      cause: thrown,
    });
  }
}
