import { pino } from 'pino';

/** Structured log lines. Messages say what happened in words; fields carry codes, ids and figures. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const secrets = ['password', 'token', 'secret', 'key', 'authorization', 'cookie'];

/** Writes JSON lines to standard error; fields that carry secrets are replaced. */
export function createLogger(name: string, level: LogLevel = 'info'): Logger {
  const paths = secrets.flatMap((s) => [s, `*.${s}`]);
  return pino({ name, level, redact: { paths, censor: '[redacted]' } }, pino.destination({ dest: 2, sync: true }));
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child() {
    return silentLogger;
  },
};
