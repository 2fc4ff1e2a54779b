import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from './problems.ts';
import type { AccessService, Credential } from './services.ts';

/**
 * The cookie's name carries the port: browsers keep cookies by host alone, and two services on one machine must not sign
 * each other out.
 */
export function sessionCookie(request: FastifyRequest): string {
  return `plantroom_session_${request.socket.localPort ?? 0}`;
}

/** A bearer token if there is one, else the session cookie. */
export function credentialOf(request: FastifyRequest): Credential | undefined {
  const [, token] = /^Bearer ([\w-]{20,200})$/.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined) return { purpose: 'api', token };
  // A malformed Authorization header is a mistake to report, not a reason to look elsewhere.
  if (request.headers.authorization !== undefined) return undefined;
  const cookie = request.cookies[sessionCookie(request)];
  return cookie === undefined ? undefined : { purpose: 'session', token: cookie };
}

/** Runs before the body is read: who is it, and may they? Unknown routes pass, to be answered 404. */
export function signInCheck(access: AccessService) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const permission = request.routeOptions.config.permission ?? 'view';
    if (request.is404 || permission === 'public') return;
    const credential = credentialOf(request);
    const identity = credential && (await access.identify(credential));
    if (!identity) throw new ApiProblem('not-signed-in');
    if (!access.may(identity.user.role, permission)) throw new ApiProblem('not-allowed');
    request.identity = identity;
  };
}
