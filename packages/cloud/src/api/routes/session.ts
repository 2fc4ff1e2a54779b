import { session, signIn } from '@plantroom/model/api';
import { z } from 'zod';
import { ApiProblem } from '../problems.ts';
import { type Api, answers, callerOf } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { sessionCookie } from '../sign-in-check.ts';

/** Attempts to sign in, for each address and minute. */
const attempts = { max: 20, timeWindow: 60_000 };

export function sessionRoutes(api: Api, { access, clock, publicUrl }: ApiServices): void {
  const cookieOptions = {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: publicUrl?.startsWith('https:') ?? false,
  } as const;

  api.post(
    '/session',
    {
      config: { permission: 'public', rateLimit: attempts },
      schema: {
        body: signIn,
        response: answers(session),
        security: [],
        summary: 'Take a one-time token for a session',
      },
    },
    async (request, reply) => {
      const opened = await access.signIn(request.body.token, request.ip);
      if (!opened) throw new ApiProblem('sign-in-refused');
      const maxAge = Math.round((opened.expiresAt - clock.now()) / 1000);
      reply.setCookie(sessionCookie(request), opened.token, { ...cookieOptions, maxAge });
      return { user: opened.user, expiresAt: opened.expiresAt };
    },
  );

  api.get('/session', { schema: { response: answers(session), summary: 'Who am I?' } }, async (request) => {
    const { user, expiresAt } = callerOf(request);
    return { user, expiresAt };
  });

  api.delete(
    '/session',
    { schema: { response: answers(z.null(), 204), summary: 'Sign out' } },
    async (request, reply) => {
      await access.signOut(callerOf(request));
      reply.clearCookie(sessionCookie(request), cookieOptions);
      return reply.code(204).send(null);
    },
  );
}
