import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { ApiProblem, notFound } from '../problems.ts';
import { type Api, callerOf, identifier } from '../route.ts';
import type { AccessService, ApiServices, Identity, LiveReader } from '../services.ts';

export function liveRoutes(api: Api, { directory, live, access }: ApiServices): void {
  api.get(
    '/live',
    {
      exposeHeadRoute: false,
      schema: {
        querystring: z.strictObject({ site: identifier }),
        summary: 'Server-sent events of a site: latest, alarm, work-order, gateway, intervals, model, tick',
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      if (!directory.site(request.query.site)) throw notFound('site');
      if (!live.isFollowing) throw new ApiProblem('unavailable', 'The live feed is interrupted; try again.');
      const caller = callerOf(request);
      // The stream is written by hand from here on; what the plugins have set so far must not be lost.
      const { raw } = reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      // Proxies that gather small writes would hold the events back.
      raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const close = live.open(request.query.site, readerOf(raw, access, caller));
      raw.once('close', close);
      raw.once('error', close);
    },
  );
}

function readerOf(raw: ServerResponse, access: AccessService, caller: Identity): LiveReader {
  return {
    ready: () => !raw.writableNeedDrain,
    write: (text) => void raw.write(text),
    stillAllowed: async () => (await access.identify(caller.credential)) !== undefined,
    // A reader that does not read never takes an orderly end.
    end: () => void (raw.writableNeedDrain ? raw.destroy() : raw.end()),
  };
}
