import { describeError, type Logger, PlantroomError } from '@plantroom/base';
import type { Problem } from '@plantroom/model/api';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** Stable codes of refusals, each with the status and title that go with it. */
const catalogue = {
  'invalid-request': [400, 'The request does not fit'],
  'not-signed-in': [401, 'Sign in first'],
  'sign-in-refused': [401, 'This link was used, has expired or never existed'],
  'not-allowed': [403, 'Your role does not allow this'],
  'not-found': [404, 'There is no such thing'],
  'version-conflict': [409, 'Somebody was faster'],
  'action-not-allowed': [409, 'The present state does not allow this'],
  'too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'Send application/json'],
  'too-many-steps': [422, 'The answer would be too long'],
  'too-many-requests': [429, 'Too many attempts'],
  internal: [500, 'The service failed'],
  unavailable: [503, 'The service cannot answer now'],
} as const;
export type ProblemCode = keyof typeof catalogue;

/** A refusal that the caller may see; everything else becomes an `internal` without text. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode;

  constructor(code: ProblemCode, detail?: string) {
    super(detail ?? catalogue[code][1]);
    this.code = code;
  }
}

export function notFound(what: string): ApiProblem {
  return new ApiProblem('not-found', `There is no such ${what}, or you may not see it.`);
}

const codeOfStatus: Readonly<Record<number, ProblemCode>> = {
  404: 'not-found',
  413: 'too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  503: 'unavailable',
};

/** Refusals of the stores that the caller can do something about, by their code. */
const codeOfRefusal: Readonly<Record<string, ProblemCode>> = {
  cursor: 'invalid-request',
  'order-open': 'action-not-allowed',
  'records-unstorable': 'invalid-request',
  'records-unavailable': 'unavailable',
};

/** What the caller is told of an error; the detail of a 5xx stays in the log. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ApiProblem) return compose(thrown.code, thrown.message);
  if (thrown instanceof PlantroomError) {
    const code = codeOfRefusal[thrown.code];
    if (code === undefined) return compose('internal');
    return catalogue[code][0] < 500 ? compose(code, describeError(thrown)) : compose(code);
  }
  if (hasZodFastifySchemaValidationErrors(thrown)) return compose('invalid-request', describeValidation(thrown));
  const status = thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : 500;
  const known = codeOfStatus[status];
  if (known) return compose(known);
  // The framework's own 4xx texts name what was wrong with the body (not JSON, empty, of another length).
  return status >= 400 && status < 500 ? compose('invalid-request', (thrown as Error).message) : compose('internal');
}

function describeValidation(error: { validation: readonly { instancePath: string; message?: string }[] }): string {
  return error.validation
    .slice(0, 10)
    .map(
      (v) => `${v.instancePath.replace(/^\//, '').replaceAll('/', '.') || 'request'}: ${v.message ?? 'does not fit'}`,
    )
    .join('; ');
}

function compose(code: ProblemCode, detail?: string): Problem {
  const [status, title] = catalogue[code];
  const own = detail === undefined || detail === title ? {} : { detail };
  return { type: `urn:plantroom:problem:${code}`, title, status, code, ...own };
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** The one error handler. */
export function problemHandler(logger: Logger) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const answer = problemOf(error);
    const fields = { code: answer.code, method: request.method, route: request.routeOptions.url ?? '' };
    if (answer.status >= 500) logger.error({ ...fields, err: error }, 'a request failed');
    else logger.debug({ ...fields, detail: answer.detail }, 'a request was refused');
    return sendProblem(reply, answer);
  };
}
