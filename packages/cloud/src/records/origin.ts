import { createHash } from 'node:crypto';

/** The gateway that something came from. */
export interface Origin {
  readonly site: string;
  readonly gateway: string;
}

/** No id that a gateway gave is used as it is when it begins so. */
const derivedMark = '~';

/**
 * The ids under which what a gateway calls `own` may be stored, the preferred first. A gateway's ids are its own affair, and
 * whoever knows how they are made can send them from elsewhere first; the second is one that nobody else can have.
 */
export function publicIds({ site, gateway }: Origin, own: string): string[] {
  const digest = createHash('sha256').update([site, gateway, own].join('\n')).digest('hex');
  const derived = derivedMark + digest.slice(0, 40);
  return own.startsWith(derivedMark) ? [derived] : [own, derived];
}
