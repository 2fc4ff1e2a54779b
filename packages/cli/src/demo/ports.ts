import { createServer } from 'node:net';
import { errorCode, PlantroomError, type Random, systemRandom } from '@plantroom/base';

const loopback = '127.0.0.1';
/** Below the range from which systems take ports for outgoing connections, so that a port stays free until it is used. */
const range = { first: 20_000, last: 32_000 } as const;

/** Resolves to undefined when the port can be listened on, else to the system's code (`EADDRINUSE`, `EACCES`). */
export function whyTaken(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(errorCode(error) ?? 'unknown'));
    server.listen(port, loopback, () => server.close(() => resolve(undefined)));
  });
}

/** The wished ports where they are free, and random free ones for the rest; all different, none of them `reserved`. */
export async function choosePorts<Name extends string>(
  names: readonly Name[],
  wished: Partial<Record<Name, number>> = {},
  reserved: readonly number[] = [],
  random: Random = systemRandom,
): Promise<Record<Name, number>> {
  const chosen = new Map<Name, number>();
  for (const name of names) {
    let port = wished[name] ?? draw(random);
    while ([...reserved, ...chosen.values()].includes(port) || (await whyTaken(port)) !== undefined)
      port = draw(random);
    chosen.set(name, port);
  }
  return Object.fromEntries(chosen) as Record<Name, number>;
}

function draw(random: Random): number {
  return range.first + Math.floor(random() * (range.last - range.first));
}

/** Throws PlantroomError when a port that was asked for cannot be had; `option` is how to ask for another. */
export async function requirePort(port: number, option = 'npm run demo -- --port'): Promise<void> {
  const why = await whyTaken(port);
  if (why === undefined) return;
  const text = why === 'EACCES' ? `Port ${port} may not be used by this user` : `Port ${port} is in use`;
  throw new PlantroomError('port-taken', `${text}.`, {
    hint: `Choose another: ${option} ${port < 1024 ? 8080 : port + 1} (and --data DIR for a second one on this machine).`,
  });
}
