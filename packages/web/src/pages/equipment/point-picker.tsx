import type { EquipmentView } from '@plantroom/model/api';
import { definitionOf } from '../../components/live-value.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { inKindOrder } from '../../util/kinds.ts';

/** More panels than this are no longer read together. */
const limit = 4;

interface PointPickerProps {
  readonly machine: EquipmentView;
  readonly chosen: readonly string[];
  readonly onChange: (points: string[]) => void;
}

/** The points of a machine, to tick for its trend; single devices of a panel are not offered. */
export function PointPicker({ machine, chosen, onChange }: PointPickerProps) {
  const { t, local } = useTexts();
  const offered = inKindOrder(machine.kind, machine.points).filter((point) => !point.includes('['));
  const isFull = chosen.length >= limit;
  const toggle = (point: string) =>
    onChange(chosen.includes(point) ? chosen.filter((each) => each !== point) : [...chosen, point]);
  return (
    <details className="picker">
      <summary className="button">{t('trend.more')}</summary>
      <fieldset className="picker-list" aria-label={t('trend.points')}>
        {isFull && <p className="small muted">{t('trend.limit')}</p>}
        {offered.map((point) => {
          const definition = definitionOf(machine, point);
          const isChosen = chosen.includes(point);
          return (
            <label key={point} className="tick">
              <input type="checkbox" checked={isChosen} disabled={isFull && !isChosen} onChange={() => toggle(point)} />
              {definition ? local(definition.label) : point}
            </label>
          );
        })}
      </fieldset>
    </details>
  );
}
