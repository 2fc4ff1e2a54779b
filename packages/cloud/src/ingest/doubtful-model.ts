import { describeError } from '@plantroom/base';
import { isTimeZone } from '@plantroom/energy';
import type { ModelRevision } from '@plantroom/model';
import type { GatewayAddress } from '@plantroom/model/wire';
import type { LaneContext } from './lane-context.ts';

/**
 * Says what is doubtful about a model that was just stored: a time zone that is not known here, and equipment that another
 * gateway of the site has too. Such equipment is nobody's to refuse, since it may be on its way from one to the other.
 */
export async function warnOfModel(context: LaneContext, from: GatewayAddress, model: ModelRevision): Promise<void> {
  const { records, logger } = context;
  const { site, gateway } = from;
  const { timezone } = model.site;
  if (!isTimeZone(timezone))
    logger.warn(
      { code: 'unknown-time-zone', site, gateway, timezone },
      'The site is shown in UTC: its time zone is not known here. Write another one in the site file of the gateway.',
    );
  try {
    const own = equipmentOf(model);
    for (const other of await records.models()) {
      if (other.site.id !== site || other.gateway === gateway) continue;
      const shared = [...equipmentOf(other)].filter((id) => own.has(id));
      if (shared.length > 0)
        logger.warn(
          { code: 'equipment-claimed-twice', site, gateway, other: other.gateway, equipment: shared.slice(0, 20) },
          'Two gateways have the same equipment. Alarms and intervals of each are kept apart, samples mix: take it out of one site file.',
        );
    }
  } catch (thrown) {
    const fields = { code: 'models-unread', site, gateway, detail: describeError(thrown) };
    logger.warn(fields, 'Whether another gateway has the same equipment is not known.');
  }
}

const equipmentOf = ({ equipment, points }: ModelRevision) =>
  new Set([...equipment.map((e) => e.id), ...points.map((p) => p.equipment)]);
