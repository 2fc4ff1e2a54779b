import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const openssl = (...args: string[]) => void execFileSync('openssl', args, { stdio: 'ignore' });

/** Makes a certificate authority: `{name}.pem` and `{name}.key` in the folder. */
export function makeAuthority(folder: string, name: string): void {
  const at = (ending: string) => join(folder, `${name}.${ending}`);
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', at('key')];
  openssl('req', '-x509', ...key, '-subj', `/CN=${name}`, '-days', '30', '-out', at('pem'));
}

/** Makes a key and a certificate for it that an authority of the folder signs: `{name}.pem`, `{name}.key`, for 127.0.0.1. */
export function makeCertificate(folder: string, name: string, subject: string, authority: string): void {
  const at = (file: string) => join(folder, file);
  openssl(
    ...['req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${subject}`],
    ...['-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)],
  );
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1');
  openssl(
    ...['x509', '-req', '-in', at(`${name}.csr`), '-days', '30', '-extfile', at('names'), '-out', at(`${name}.pem`)],
    ...['-CA', at(`${authority}.pem`), '-CAkey', at(`${authority}.key`), '-CAcreateserial'],
  );
}
