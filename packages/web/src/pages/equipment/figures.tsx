import type { EquipmentView } from '@plantroom/model/api';
import { definitionOf, LiveValue } from '../../components/live-value.tsx';
import { useTexts } from '../../i18n/use-texts.ts';

interface FiguresProps {
  readonly machine: EquipmentView;
  readonly points: readonly string[];
  /** How many of the first ones lead. */
  readonly lead?: number;
}

/** Live figures in a grid, those of `points` that the machine has; the first ones lead. */
export function Figures({ machine, points, lead = 2 }: FiguresProps) {
  const { local } = useTexts();
  const own = points.filter((point) => machine.points.includes(point));
  return (
    <dl className="live-figures">
      {own.map((point, index) => {
        const definition = definitionOf(machine, point);
        return (
          <div key={point}>
            <dt>{definition ? local(definition.label) : point}</dt>
            <dd>
              <LiveValue equipment={machine} point={point} {...(index < lead && { size: 'large' })} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
