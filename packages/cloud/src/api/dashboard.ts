import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import { PlantroomError } from '@plantroom/base';
import { notFound, problemOf, sendProblem } from './problems.ts';
import type { Api } from './route.ts';

/** Vite puts a digest of the content into the names below /assets, so they never change. */
const hashedAsset = /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.\w+$/;

/** Serves the built dashboard, and index.html for every other page address; without a directory only the API. */
export async function dashboard(app: Api, webDirectory: string | undefined): Promise<void> {
  if (webDirectory !== undefined && !existsSync(join(webDirectory, 'index.html')))
    throw new PlantroomError('web-missing', `${webDirectory} holds no built dashboard (index.html)`, {
      hint: 'Build it with `npm run build`, or start without --web to serve the API alone.',
    });
  if (webDirectory !== undefined)
    await app.register(fastifyStatic, {
      root: resolve(webDirectory),
      cacheControl: false,
      setHeaders(reply, path) {
        reply.header('cache-control', hashedAsset.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    // A missing file with an extension is missing; an address without one is a page of the dashboard.
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !/\.\w+$/.test(path);
    if (webDirectory !== undefined && isPage) return reply.sendFile('index.html');
    return sendProblem(reply, problemOf(notFound('address')));
  });
}
