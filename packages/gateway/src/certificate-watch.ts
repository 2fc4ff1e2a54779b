import type { CertificateNotice } from '@plantroom/drivers';
import type { KindName, LocalText } from '@plantroom/model';
import type { Fact } from './evaluation/contract.ts';

/** A connection that stands on certificates, with the equipment that speaks for all that is on it. */
export interface CertifiedConnection {
  readonly id: string;
  readonly equipment: { readonly id: string; readonly kind: KindName };
  readonly certificates: readonly CertificateNotice[];
}

/** How long before the end somebody should know: servers are often renewed by another firm. Milliseconds. */
const warningTime = 30 * 86_400_000;

/** What is to be said of the certificates at this moment: one fact each, active from 30 days before its end. */
export function certificateFacts(connections: readonly CertifiedConnection[], now: number): Fact[] {
  return connections.flatMap(({ id, equipment, certificates }) =>
    certificates.map(({ whose, notAfter }) => ({
      equipment: equipment.id,
      fault: `${equipment.kind}.certificate-expiring`,
      subject: whose,
      time: now,
      active: notAfter - now < warningTime,
      detail: detailOf(id, whose, notAfter, now),
    })),
  );
}

const names = {
  own: ['The gateway’s certificate', '网关证书'],
  server: ['The server’s certificate', '服务器证书'],
  user: ['The certificate that signs in', '登录证书'],
} as const;

function detailOf(connection: string, whose: CertificateNotice['whose'], notAfter: number, now: number): LocalText {
  const day = new Date(notAfter).toISOString().slice(0, 10);
  const [en, zh] = names[whose];
  return notAfter < now
    ? { en: `${en} on ${connection} ended on ${day}`, zh: `${connection} 上的${zh}已于 ${day} 到期` }
    : { en: `${en} on ${connection} ends on ${day}`, zh: `${connection} 上的${zh}将于 ${day} 到期` };
}
