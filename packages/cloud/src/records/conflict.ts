import { PlantroomError } from '@plantroom/base';

/**
 * A gateway names something that belongs to another gateway. Ids are derived from site and equipment, so this is a
 * mistake or an attempt; nothing of the batch is stored and ingest rejects the frame.
 */
export function foreignId(what: string, id: string, from: { site: string; gateway: string }): PlantroomError {
  return new PlantroomError(
    'foreign-id',
    `${what} ${id} belongs to another gateway than ${from.site}/${from.gateway}`,
    {
      hint: 'Check that no equipment of the site is configured on two gateways.',
      context: { id, site: from.site, gateway: from.gateway },
    },
  );
}
