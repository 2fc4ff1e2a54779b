import { createHash } from 'node:crypto';

/**
 * What is stored of a token or a gateway's secret: the SHA-256 of its text in hex. One round is enough because the text
 * is 256 random bits, not a password that somebody chose.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}
