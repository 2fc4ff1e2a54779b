import { systemClock } from '@plantroom/base';
import {
  certificateFolder,
  type KnownCertificate,
  listCertificates,
  rejectCertificate,
  trustCertificate,
} from '@plantroom/drivers/certificates';
import { columns } from '../field/columns.ts';

export interface CertificatesCommand {
  readonly trust?: string;
  readonly reject?: string;
}

/** `plantroom gateway certificates`: whom this gateway trusts over OPC UA, and as whom servers know it. */
export function certificates(dataDirectory: string, { trust, reject }: CertificatesCommand): boolean {
  const folder = certificateFolder(dataDirectory);
  if (trust !== undefined) say(trustCertificate(folder, trust), 'is trusted from the next attempt to connect on');
  if (reject !== undefined) say(rejectCertificate(folder, reject), 'is trusted no longer, from the next session on');
  for (const line of certificateText(listCertificates(folder), systemClock.now())) console.log(line);
  return true;
}

function say({ name, thumbprint }: KnownCertificate, what: string): void {
  console.log(`${name} (${thumbprint}) ${what}.\n`);
}

const day = 86_400_000;

export function certificateText(known: readonly KnownCertificate[], now: number): string[] {
  if (known.length === 0)
    return ['No certificates yet: the gateway makes its own at its first secured OPC UA session.'];
  const rows = known.map(({ state, name, thumbprint, notAfter }) => [
    state,
    thumbprint.slice(0, 16),
    new Date(notAfter).toISOString().slice(0, 10),
    notAfter < now ? 'expired' : `${Math.floor((notAfter - now) / day)} days`,
    name,
  ]);
  const own = known.find((c) => c.state === 'own');
  return [
    ...columns({ head: ['', 'thumbprint', 'ends', 'left', 'name'], rows, right: [3] }),
    ...(own ? ['', `Give servers this file to trust: ${own.file}`] : []),
    ...(known.some((c) => c.state === 'rejected') ? ['Trust a server that was turned away: --trust THUMBPRINT'] : []),
  ];
}
