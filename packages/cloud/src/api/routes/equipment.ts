import { kindNames } from '@plantroom/model';
import { equipmentList, equipmentView, faultList, latestList, siteList } from '@plantroom/model/api';
import { z } from 'zod';
import { alarmSummary, openAlarms, openOrderCount } from '../open-records.ts';
import { notFound } from '../problems.ts';
import { type Api, answers, equipmentFilter, identifier, pageOf, paging, siteFilter } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { viewEquipment, viewFaults } from '../views.ts';

export function equipmentRoutes(api: Api, { directory, records, latest, clock }: ApiServices): void {
  api.get(
    '/sites',
    { schema: { response: answers(siteList), summary: 'Sites with counts of what is open' } },
    async () => {
      const items = directory.sites().map(async ({ description, gateways, equipment }) => {
        const { id, name, timezone, area = null } = description;
        const alarms = alarmSummary(await openAlarms(records, id));
        const openOrders = await openOrderCount(records, id);
        return { id, name, timezone, area, gateways: [...gateways], equipment: equipment.size, alarms, openOrders };
      });
      return { items: await Promise.all(items), next: null };
    },
  );

  api.get(
    '/equipment',
    {
      schema: {
        querystring: z.strictObject({ ...siteFilter, kind: z.enum(kindNames).optional(), ...paging }),
        response: answers(equipmentList),
        summary: 'Machines with their most urgent alarm',
      },
    },
    async ({ query }) => {
      const sites = directory.sites().filter((s) => query.site === undefined || s.description.id === query.site);
      if (query.site !== undefined && sites.length === 0) throw notFound('site');
      const items = sites.map(async (site) => {
        const alarms = Map.groupBy(await openAlarms(records, site.description.id), (a) => a.equipment);
        return [...site.equipment.values()]
          .filter((e) => query.kind === undefined || e.equipment.kind === query.kind)
          .map((e) => viewEquipment(site.description.id, e, alarms.get(e.equipment.id) ?? []));
      });
      return pageOf((await Promise.all(items)).flat(), (e) => `${e.site}/${e.id}`, query);
    },
  );

  api.get(
    '/equipment/:site/:id',
    {
      schema: {
        params: z.object({ site: identifier, id: identifier }),
        response: answers(equipmentView),
        summary: 'One machine',
      },
    },
    async ({ params }) => {
      const entry = directory.equipment(params.site, params.id);
      if (!entry) throw notFound('equipment');
      return viewEquipment(params.site, entry, await openAlarms(records, params.site, params.id));
    },
  );

  faultsRoute(api, directory);

  api.get(
    '/points/latest',
    {
      schema: {
        querystring: z.strictObject(equipmentFilter),
        response: answers(latestList),
        summary: 'The newest committed value of every point, with its age',
      },
    },
    async ({ query }) => {
      if (query.site !== undefined && !directory.site(query.site)) throw notFound('site');
      return { items: latest.latest(query), next: null, now: clock.now() };
    },
  );
}

function faultsRoute(api: Api, directory: ApiServices['directory']): void {
  api.get(
    '/equipment/:site/:id/faults',
    {
      schema: {
        params: z.object({ site: identifier, id: identifier }),
        response: answers(faultList),
        summary: 'The faults of its kind, and what those lack that cannot run',
      },
    },
    async ({ params }) => {
      const entry = directory.equipment(params.site, params.id);
      if (!entry) throw notFound('equipment');
      return { items: viewFaults(entry, directory.site(params.site)?.catalogue.values() ?? []), next: null };
    },
  );
}
