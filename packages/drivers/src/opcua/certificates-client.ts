import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeApplicationUrn, OPCUACertificateManager } from 'node-opcua';

const applicationName = 'plantroom-gateway';
const validity = 3650;

/** The gateway as OPC UA servers know it: one certificate for all its connections, and the list of servers it trusts. */
export interface OwnCertificate {
  readonly manager: OPCUACertificateManager;
  readonly applicationName: string;
  /** As it stands in the certificate: servers compare it. */
  readonly applicationUri: string;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  /** ms since 1970 UTC. */
  readonly notAfter: number;
}

/** Making a key takes a while, and two connections that make one at once would each end with half of it. */
const making = new Map<string, Promise<unknown>>();

/** Opens the folder, and makes key and certificate the first time; the caller disposes of the manager. */
export async function openCertificates(folder: string, now: number): Promise<OwnCertificate> {
  const before = making.get(folder);
  const opening = Promise.resolve(before)
    .catch(() => undefined)
    .then(() => open(folder, now));
  making.set(folder, opening);
  try {
    return await opening;
  } finally {
    if (making.get(folder) === opening) making.delete(folder);
  }
}

async function open(folder: string, now: number): Promise<OwnCertificate> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const manager = new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
  });
  await manager.initialize();
  const certificateFile = join(folder, 'own', 'certs', `${applicationName}.pem`);
  if (!existsSync(certificateFile))
    await manager.createSelfSignedCertificate({
      applicationUri: makeApplicationUrn(hostname(), applicationName),
      dns: [hostname()],
      outputFile: certificateFile,
      subject: `/CN=${applicationName}@${hostname()}/O=Plantroom`,
      startDate: new Date(now),
      validity,
    });
  const privateKeyFile = manager.privateKey;
  chmodSync(privateKeyFile, 0o600);
  const certificate = new X509Certificate(readFileSync(certificateFile));
  const uri = /URI:([^,\s]+)/.exec(certificate.subjectAltName ?? '')?.[1];
  return {
    manager,
    applicationName,
    applicationUri: uri ?? makeApplicationUrn(hostname(), applicationName),
    certificateFile,
    privateKeyFile,
    notAfter: Date.parse(certificate.validTo),
  };
}
