import { pino } from 'pino';
import type { Logger } from './logger.ts';
import { withoutCredentials } from './without-credentials.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const secrets = ['password', 'token', 'secret', 'key', 'authorization', 'cookie'];

/** Writes JSON lines to standard error; fields that carry secrets are replaced, and credentials in addresses left out. */
export function createLogger(name: string, level: LogLevel = 'info'): Logger {
  const paths = secrets.flatMap((s) => [s, `*.${s}`]);
  const errors = pino.destination({ dest: 2, sync: true });
  const shown = { write: (line: string) => void errors.write(withoutCredentials(line)) };
  return pino({ name, level, redact: { paths, censor: '[redacted]' } }, shown);
}
