import { X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { errorCode, PlantroomError } from '@plantroom/base';

/** Below a gateway's data directory: its own certificate, whom it trusts, and whom it turned away. */
export function certificateFolder(dataDirectory: string): string {
  return join(dataDirectory, 'certificates');
}

/** Folders by what a certificate in them is to the gateway (layout of OPC 10000-12, annex F, as the library keeps it). */
const places = { own: ['own', 'certs'], trusted: ['trusted', 'certs'], rejected: ['rejected'] } as const;
export type CertificateState = keyof typeof places;

export interface KnownCertificate {
  readonly state: CertificateState;
  /** SHA-1 of the certificate, 40 hexadecimal digits: its name in OPC UA. */
  readonly thumbprint: string;
  /** The common name, or the whole subject where there is none. */
  readonly name: string;
  /** ms since 1970 UTC. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly file: string;
}

/** All certificates of a folder, own before trusted before rejected; files that hold none are left out. */
export function listCertificates(folder: string): KnownCertificate[] {
  return (Object.keys(places) as CertificateState[]).flatMap((state) => {
    const directory = placeOf(folder, state);
    return filesIn(directory).flatMap((name) => readCertificate(join(directory, name), state) ?? []);
  });
}

/** Trusts a certificate that was turned away. Throws PlantroomError `certificate-unknown`, `certificate-ambiguous`. */
export function trustCertificate(folder: string, thumbprint: string): KnownCertificate {
  return move(folder, thumbprint, 'rejected', 'trusted');
}

/** Trusts a certificate no longer: its server is turned away at the next session. Throws as `trustCertificate`. */
export function rejectCertificate(folder: string, thumbprint: string): KnownCertificate {
  return move(folder, thumbprint, 'trusted', 'rejected');
}

/** What of a certificate is to be known; undefined when the bytes (PEM or DER) are none. */
export function describeCertificate(
  bytes: Uint8Array,
): Pick<KnownCertificate, 'thumbprint' | 'name' | 'notBefore' | 'notAfter'> | undefined {
  try {
    const certificate = new X509Certificate(bytes);
    const common = /^CN=(.+)$/m.exec(certificate.subject)?.[1];
    return {
      thumbprint: certificate.fingerprint.replaceAll(':', '').toLowerCase(),
      name: common ?? certificate.subject.replaceAll('\n', ', '),
      notBefore: Date.parse(certificate.validFrom),
      notAfter: Date.parse(certificate.validTo),
    };
  } catch {
    return undefined;
  }
}

function move(folder: string, thumbprint: string, from: CertificateState, to: CertificateState): KnownCertificate {
  const wanted = thumbprint.toLowerCase().replaceAll(':', '');
  const all = listCertificates(folder);
  const found = all.filter((c) => c.state === from && wanted !== '' && c.thumbprint.startsWith(wanted));
  const [certificate, second] = found;
  if (!certificate) {
    const elsewhere = all.find((c) => c.thumbprint.startsWith(wanted));
    const state = elsewhere ? `it is ${elsewhere.state}` : 'no server has shown it';
    throw new PlantroomError('certificate-unknown', `There is no ${from} certificate ${thumbprint}: ${state}.`, {
      hint: 'List the certificates first, and write the beginning of a thumbprint.',
    });
  }
  if (second && second.thumbprint !== certificate.thumbprint)
    throw new PlantroomError(
      'certificate-ambiguous',
      `${found.length} ${from} certificates begin with ${thumbprint}.`,
      {
        hint: 'Write more digits of the thumbprint.',
      },
    );
  const directory = placeOf(folder, to);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  let file = certificate.file;
  // A server that was turned away more than once may lie there under several names.
  for (const one of found) {
    file = join(directory, basename(one.file));
    renameSync(one.file, file);
  }
  return { ...certificate, state: to, file };
}

function placeOf(folder: string, state: CertificateState): string {
  return join(folder, ...places[state]);
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

function readCertificate(file: string, state: CertificateState): KnownCertificate | undefined {
  const described = describeCertificate(readFileSync(file));
  return described && { state, ...described, file };
}
