import { InvalidArgumentError } from 'commander';

export const defaultDataDirectory = './data';

export interface DemoOptions {
  readonly port: number;
  readonly data: string;
  /** Receives an API token for scripts, readable by its owner alone. */
  readonly tokenFile?: string;
  /** No colours, no bars: plain lines. */
  readonly headless: boolean;
  /** Unset: the seed of the data directory, or 1 when it is new. */
  readonly seed?: number;
  readonly history: boolean;
}

export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('Write a port from 1 to 65535.');
}

export function parseSeed(text: string): number {
  const seed = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (seed >= 0) return seed;
  throw new InvalidArgumentError('Write a whole number of at most nine digits.');
}
