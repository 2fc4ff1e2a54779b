import { pino } from 'pino';
import type { Logger } from './logger.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const secrets = ['password', 'token', 'secret', 'key', 'authorization', 'cookie'];

/** Writes JSON lines to standard error; fields that carry secrets are replaced. */
export function createLogger(name: string, level: LogLevel = 'info'): Logger {
  const paths = secrets.flatMap((s) => [s, `*.${s}`]);
  return pino({ name, level, redact: { paths, censor: '[redacted]' } }, pino.destination({ dest: 2, sync: true }));
}
