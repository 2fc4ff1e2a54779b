import { expect, test } from 'vitest';
import { adviceFor } from './advice.ts';

test.each([
  ['self-signed certificate in certificate chain', 'gateway.cloud.ca'],
  ['unable to verify the first certificate', '--ca'],
  ["Hostname/IP does not match certificate's altnames: Host: x. is not in the cert's altnames: DNS:y", 'another name'],
  ['certificate has expired', 'clock'],
  ['Connection refused: Not authorized', 'user and password'],
  ['Connection refused: Bad username or password', 'user and password'],
  ['connect ECONNREFUSED 127.0.0.1:8883', 'address and port'],
  ['getaddrinfo ENOTFOUND plant.example.com', 'name server'],
  ['Keepalive timeout', 'check the network'],
  ['the connection ended', 'check the network'],
  ['the broker refuses plantroom/1/a/b/down/acks', 'Enrol'],
  ['something new', 'Check address, user and password'],
])('%s: %s', (detail, told) => {
  expect(adviceFor(detail)).toContain(told);
});
