import { withoutCredentials } from './without-credentials.ts';

/** What stands beside an error's message: where it happened and what was being done. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The one error class of the product. `code` is stable (log field, metric label, anchor in the documentation);
 * the message says what happened and where, `hint` what to do next.
 */
export class PlantroomError extends Error {
  override readonly name = 'PlantroomError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly context: ErrorContext;

  constructor(code: string, message: string, options: { hint?: string; context?: ErrorContext; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.context = options.context ?? {};
  }
}

/** Makes an Error of whatever was thrown. */
export function coerceError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === 'string' ? thrown : JSON.stringify(thrown));
}

/** The operating system's code (`ECONNREFUSED`, `EADDRINUSE`, ...) or our own, if the error has one. */
export function errorCode(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const unreachable =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|E(?:HOST|NET)(?:UNREACH|DOWN)|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN)$/;

/** Nobody answers at an address, or the connection broke: that may be otherwise in a moment. Looks at causes too. */
export function isUnreachable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return unreachable.test(errorCode(thrown) ?? '') || isUnreachable(thrown.cause);
}

/** One line for a person: the message, and the hint after it; no password of an address in either. */
export function describeError(thrown: unknown): string {
  const error = coerceError(thrown);
  const hint = error instanceof PlantroomError && error.hint ? ` ${error.hint}` : '';
  return withoutCredentials(`${error.message}${hint}`);
}
