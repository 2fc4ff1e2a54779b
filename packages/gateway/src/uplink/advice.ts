/** What is wrong, as the TLS library, the broker or the network says it, and what to do about it; the first that fits. */
const advice: readonly (readonly [RegExp, string])[] = [
  [
    /self[- ]signed|local issuer|verify the first certificate|UNABLE_TO_|unable to get issuer/i,
    "The broker's certificate comes from an authority that is not trusted here: name its certificate as `gateway.cloud.ca` or with --ca.",
  ],
  [/altnames|ALTNAME/i, "The broker's certificate is for another name: use one that it has in `gateway.cloud.url`."],
  [
    /certificate (?:has expired|is not yet valid)|CERT_/i,
    "Check the broker's certificate, and the clock of this machine.",
  ],
  [
    /not authorized|bad user ?name|identifier rejected|connection refused: (?!server)/i,
    'Check user and password (`gateway.cloud`), and that the gateway is enrolled.',
  ],
  [/the broker refuses/, 'Enrol the gateway again: its user lacks a right at the broker.'],
  [/ENOTFOUND|EAI_AGAIN/, 'Check the name in `gateway.cloud.url`, and the name server.'],
  [
    /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|connack timeout/i,
    'Check address and port in `gateway.cloud.url`, and the network.',
  ],
  [
    /keepalive timeout|ECONNRESET|EPIPE|the connection ended/i,
    'It was there before: check the network, and whether the broker runs.',
  ],
];

/** What to do about a connection that failed with this text. */
export function adviceFor(detail: string): string {
  return advice.find(([pattern]) => pattern.test(detail))?.[1] ?? 'Check address, user and password (`gateway.cloud`).';
}
