import { kinds, pointDefinition } from '@plantroom/model';
import type { AlarmView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { equipmentQuery } from '../api/queries.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { usePlace, useSite } from '../layout/site-context.ts';
import { formatValue } from '../util/numbers.ts';
import { dayStart, formatClockSeconds, formatFull } from '../util/time.ts';

/** What the points of an alarm said when it was raised, each with the time of its value; nothing without any. */
export function AlarmEvidence({ alarm }: { readonly alarm: Pick<AlarmView, 'equipment' | 'evidence' | 'raisedAt'> }) {
  const { local, language } = useTexts();
  const site = useSite();
  const place = usePlace();
  const { data: equipment = [] } = useQuery(equipmentQuery(site.id));
  const machine = equipment.find((each) => each.id === alarm.equipment);
  if (alarm.evidence.length === 0) return null;
  // A value of another day than the alarm's has its date.
  const dayOf = (time: number) => dayStart(time, place.timezone);
  const timeOf = (time: number) =>
    dayOf(time) === dayOf(alarm.raisedAt) ? formatClockSeconds(time, place) : formatFull(time, place);
  return (
    <dl className="facts">
      {alarm.evidence.map(({ point, value, time }) => {
        const definition = machine && pointDefinition(kinds[machine.kind], point);
        const shown = value === null ? undefined : formatValue(definition, value, language, local);
        return (
          <div key={point}>
            <dt>{definition ? local(definition.label) : point}</dt>
            <dd>
              {shown ? `${shown.text} ${shown.unit}` : '–'} <span className="muted small">{timeOf(time)}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
