import { eventClasses } from '@plantroom/model';
import { deviceEventList, gatewayList } from '@plantroom/model/api';
import { z } from 'zod';
import { notFound } from '../problems.ts';
import { type Api, answers, identifier, paging, siteFilter } from '../route.ts';
import type { ApiServices } from '../services.ts';

export function gatewayRoutes(api: Api, { directory, records, views }: ApiServices): void {
  api.get(
    '/gateways',
    {
      schema: {
        querystring: z.strictObject(siteFilter),
        response: answers(gatewayList),
        summary: 'Gateways with their backlog and the state of their connections',
      },
    },
    async ({ query }) => {
      const items = await views.gateways();
      return { items: items.filter((g) => query.site === undefined || g.site === query.site), next: null };
    },
  );

  api.get(
    '/device-events',
    {
      schema: {
        querystring: z.strictObject({ site: identifier, equipment: identifier, limit: paging.limit }),
        response: answers(deviceEventList),
        summary: 'What a panel reported of itself, newest first, with the classes of GB/T 26875.3, NFPA 72 and EN 54-2',
      },
    },
    async ({ query }) => {
      if (!directory.equipment(query.site, query.equipment)) throw notFound('equipment');
      const events = await records.deviceEvents(query.site, query.equipment, query.limit);
      return { items: events.map((event) => ({ ...event, classes: eventClasses[event.category] })), next: null };
    },
  );
}
