import { coerceError, errorCode, PlantroomError } from '@plantroom/base';

/** What to do after a failure: `repeat` the work, `wait` for the server and then repeat it, or neither. */
export type Failure = 'repeat' | 'wait' | 'unstorable' | 'other';

/**
 * Serialization failure, deadlock, lock timeout, and a unique key that another transaction took first (the work then finds
 * its row). https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
 */
const repeatable = ['40001', '40P01', '55P03', '23505'];
/**
 * SQLSTATE classes and codes of a server that cannot do it now: connection (08), resources such as disk, memory and
 * connections (53), shutdown and cancelled statements (57), input and output (58), a standby that takes no writes, a
 * session that was ended since its process stood still in a transaction.
 */
const unavailable = /^(?:08|53|57|58)|^(?:25006|25P03)$/;
/** Data that no column takes: text with NUL, numbers beyond 64 bits. */
const unstorable = /^22/;
/** Of the driver itself, which gives no code. */
const connectionTexts = /connection|timeout|not queryable|closed/i;

/** The server's code of the error (`40001`), or the operating system's (`ECONNRESET`); at most one of them. */
function codesOf(thrown: unknown): { state?: string; system?: string } {
  const code = errorCode(thrown);
  if (code === undefined) return {};
  if (/^E(?!RR_)[A-Z_]+$/.test(code)) return { system: code };
  return /^[0-9A-Z]{5}$/.test(code) ? { state: code } : {};
}

/** Tells what kind of failure it is. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof PlantroomError) return 'other';
  const { state, system } = codesOf(thrown);
  if (state === undefined) return system !== undefined || isOfDriver(thrown) ? 'wait' : 'other';
  if (repeatable.includes(state)) return 'repeat';
  if (unavailable.test(state)) return 'wait';
  return unstorable.test(state) ? 'unstorable' : 'other';
}

function isOfDriver(thrown: unknown): boolean {
  return errorCode(thrown) === undefined && connectionTexts.test(coerceError(thrown).message);
}

/** Whether the connection is of no further use, or may still be busy with what it was asked. */
export function isConnectionLost(thrown: unknown): boolean {
  const { state } = codesOf(thrown);
  return state === undefined ? failureOf(thrown) === 'wait' : /^(?:08|57P)/.test(state);
}

/** What the rest of the program sees of a failure that stayed. */
export function asRecordsError(thrown: unknown, where: string): Error {
  const error = coerceError(thrown);
  const more = { cause: thrown, context: { where, state: errorCode(thrown) } };
  switch (failureOf(thrown)) {
    case 'repeat':
    case 'wait':
      return new PlantroomError('records-unavailable', `the records in ${where} cannot be used now: ${textOf(error)}`, {
        hint: 'Nothing was acknowledged; it is tried again. Check that PostgreSQL runs and has disk, memory and connections.',
        ...more,
      });
    case 'unstorable':
      return new PlantroomError('records-unstorable', `PostgreSQL cannot store this: ${textOf(error)}`, {
        hint: 'Find out what the sender put there: a NUL character or a number beyond 64 bits.',
        ...more,
      });
    case 'other':
      return error;
  }
}

/** Where the records are, for a message. */
export interface Place {
  readonly where: string;
  readonly user: string;
  readonly database: string;
}

/** Why records could not be opened, and what to do about it: `records-unavailable` when it may be otherwise in a moment. */
export function asOpenError(thrown: unknown, { where, user, database }: Place): Error {
  if (thrown instanceof PlantroomError) return thrown;
  // A certificate that is not there has the same code as a socket that is not there, and says its path itself.
  const isFile = thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'open';
  const code = (isFile ? undefined : errorCode(thrown)) ?? '';
  const [reason, hint] = openReasons.find(([codes]) => codes.test(code))?.[1](user, database) ?? [
    textOf(coerceError(thrown)),
    'Check `records.url`, and the log of the server.',
  ];
  const away = !isFile && failureOf(thrown) === 'wait';
  return new PlantroomError(
    away ? 'records-unavailable' : 'records-open',
    `the records in ${where} cannot be opened: ${reason}`,
    {
      hint,
      cause: thrown,
    },
  );
}

type Reason = (user: string, database: string) => readonly [reason: string, hint: string];

const openReasons: readonly (readonly [RegExp, Reason])[] = [
  [
    /^(?:ECONNREFUSED|ENOENT|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/,
    () => ['no PostgreSQL answers there', 'Start it, or mend host and port in `records.url`.'],
  ],
  [
    /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_)/,
    () => [
      'its certificate is not trusted',
      'Name the authority that signed it: `sslrootcert=/path/to/ca.crt` in `records.url`.',
    ],
  ],
  [
    /^(?:ENOTFOUND|EAI_AGAIN)$/,
    () => ['the host has no address', 'Mend the host in `records.url`, or the name server.'],
  ],
  [
    /^28/,
    (user) => [
      `the server does not let ${user} in`,
      'Check the user in `records.url`, `records.password`, and pg_hba.conf on the server.',
    ],
  ],
  [
    /^3D000$/,
    (user, database) => [
      `there is no database ${database}`,
      `Create it: createdb --encoding=UTF8 --template=template0 --owner=${user} ${database}.`,
    ],
  ],
  [
    /^42501$/,
    (user) => [
      `${user} may not create tables`,
      'Make it the owner of the database, or grant it CREATE on the schema; it is needed at updates only.',
    ],
  ],
  [/^53300$/, () => ['the server has no connection left', 'Raise max_connections, or stop what holds them.']],
];

/** An error of several addresses (`localhost` by IPv6 and IPv4) has no text of its own. */
function textOf(error: Error): string {
  return (
    error.message ||
    (error instanceof AggregateError
      ? error.errors.map((e) => coerceError(e).message).join('; ')
      : 'no reason was given')
  );
}
