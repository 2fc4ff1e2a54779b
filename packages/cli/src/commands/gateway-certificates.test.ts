import { expect, test } from 'vitest';
import { certificateText } from './gateway-certificates.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 2, 1);
const known = (state: 'own' | 'trusted' | 'rejected', name: string, digit: string, days: number) => ({
  state,
  name,
  thumbprint: digit.repeat(40),
  notBefore: now - day,
  notAfter: now + days * day,
  file: `./gateway/certificates/${name}.pem`,
});

test('shows whose certificates there are, how long they hold, and what to do next', () => {
  const all = [
    known('own', 'gateway', 'a', 3650),
    known('trusted', 'lifts', 'b', 12),
    known('rejected', 'other', 'c', -3),
  ];
  expect(certificateText(all, now).join('\n')).toMatchInlineSnapshot(`
    "          thumbprint        ends             left  name
    own       aaaaaaaaaaaaaaaa  2036-02-27  3650 days  gateway
    trusted   bbbbbbbbbbbbbbbb  2026-03-13    12 days  lifts
    rejected  cccccccccccccccc  2026-02-26    expired  other

    Give servers this file to trust: ./gateway/certificates/gateway.pem
    Trust a server that was turned away: --trust THUMBPRINT"
  `);
  expect(certificateText([], now)).toEqual([expect.stringMatching(/^No certificates yet/)]);
});
