import { pointKey } from '@plantroom/model';
import type { EquipmentView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { openAlarmsQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { type UsedTexts, useTexts } from '../../i18n/use-texts.ts';
import { useSite } from '../../layout/site-context.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { Shaft } from '../../pictures/shaft.tsx';
import { wrongNow } from '../../util/alarms.ts';
import { equipmentFreshness } from '../../util/freshness.ts';
import { isInService, type LiftNow, liftNow, numberOf, topFloor } from '../../util/lift.ts';
import { formatNumber } from '../../util/numbers.ts';
import { paths } from '../../util/paths.ts';
import { stateText } from '../../util/states.ts';
import { formatSpan } from '../../util/time.ts';

const outlinedModes = [8, 11, 12];

/** What the picture of a lift says, for those who do not see it. */
function describe(equipment: EquipmentView, lift: LiftNow, { t, local }: UsedTexts): string {
  const name = local(equipment.name);
  if (lift.floor === undefined) return t('elevators.unknown', { name });
  const floor = Math.round(lift.floor);
  if (lift.mode !== undefined && outlinedModes.includes(lift.mode))
    return t('elevators.modeCar', { name, mode: local(stateText('elevator', 'mode', lift.mode)), floor });
  const heading = lift.direction === 'up' ? 2 : lift.direction === 'down' ? 3 : 1;
  const direction = local(stateText('elevator', 'direction', heading));
  return t('elevators.car', { name, floor, direction, load: formatNumber(lift.load ?? 0, 'en') });
}

export function ElevatorsCard({ elevators }: { readonly elevators: readonly EquipmentView[] }) {
  const texts = useTexts();
  const { t, language } = texts;
  const site = useSite();
  const latest = useLatestState();
  const now = useNow();
  const { data: alarms = [] } = useQuery(openAlarmsQuery(site.id));
  const lifts = elevators.map((equipment) => ({
    equipment,
    wrong: wrongNow(alarms, equipment.id),
    lift: liftNow((name) => latest[pointKey(equipment.id, name)], now),
  }));
  const count = lifts.filter(({ lift, wrong }) => isInService(lift, wrong)).length;
  const seen = lifts.map(({ lift }) => lift.floor);
  const silent = lifts.filter(({ lift }) => lift.isSilent).length;
  const { heardAt } = equipmentFreshness(
    elevators.flatMap(({ id }) => latest[pointKey(id, 'floor')] ?? []),
    now,
  );
  const inService = t('elevators.service', { count, total: elevators.length });
  const note =
    silent === lifts.length && heardAt !== undefined
      ? t('pumps.silent', { age: formatSpan(now - heardAt, language) })
      : [inService, ...(silent > 0 ? [t('elevators.silent', { count: silent })] : [])].join(t('overview.separator'));
  return (
    <Card title={t('elevators.title')} note={note} span={4}>
      <ul className="shafts">
        {lifts.map(({ equipment, lift, wrong }, index) => (
          <li key={equipment.id} className={wrong === null ? '' : `ink-p${wrong} strong`}>
            <Link
              to={paths.equipment(site.id, equipment.id)}
              aria-label={describe(equipment, lift, texts)}
              title={describe(equipment, lift, texts)}
              data-point={`${equipment.id}/floor`}
            >
              <Shaft
                lift={lift}
                floors={topFloor(equipment, seen)}
                priority={equipment.priority}
                isWrong={wrong !== null}
                isHollow={lift.mode !== undefined && outlinedModes.includes(lift.mode)}
              />
              <span className="shaft-label">
                {t('elevators.short', { number: numberOf(equipment, index + 1) })}{' '}
                {lift.floor === undefined ? '–' : t('elevators.floor', { floor: Math.round(lift.floor) })}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
