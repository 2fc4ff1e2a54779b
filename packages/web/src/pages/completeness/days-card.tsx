import { useQuery } from '@tanstack/react-query';
import { completenessDaysQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { Ready } from '../../components/ready.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace, useSite } from '../../layout/site-context.ts';
import { useNow } from '../../live/use-now.ts';
import { formatShare } from '../../util/numbers.ts';
import { day as dayLength, formatWeekday } from '../../util/time.ts';

interface DaysCardProps {
  readonly chosen: string | undefined;
  readonly onChoose: (day: string) => void;
}

/** A column for each day, filled as far as it is known; one is chosen by a click. */
export function DaysCard({ chosen, onChoose }: DaysCardProps) {
  const { t, language } = useTexts();
  const place = usePlace();
  const now = useNow();
  const query = useQuery(completenessDaysQuery(useSite().id));
  return (
    <Card title={t('completeness.days')} note={t('completeness.daysNote')}>
      <Ready query={query}>
        {({ items }) => (
          <div className="day-columns">
            {items.map(({ day, start, coverage, over }) => {
              const name = formatWeekday(start + dayLength / 2, place);
              const label =
                coverage === null
                  ? t(over ? 'completeness.dayUnknown' : 'completeness.dayBegun', { day: name })
                  : t('completeness.dayShare', { day: name, share: formatShare(coverage, language, 2) });
              const isWhole = coverage !== null && coverage >= 0.99999;
              return (
                <button
                  key={day}
                  type="button"
                  className={over ? (coverage === null ? 'day-column unknown' : 'day-column') : 'day-column begun'}
                  aria-pressed={day === chosen}
                  aria-label={label}
                  title={label}
                  onClick={() => onChoose(day)}
                >
                  <span className="day-body">
                    {!over && <i style={{ width: `${Math.max(0, 1 - (now - start) / dayLength) * 100}%` }} />}
                    {coverage !== null && !isWhole && <i style={{ height: `${Math.max(8, (1 - coverage) * 100)}%` }} />}
                  </span>
                  <span className="day-number">{Number(day.slice(-2))}</span>
                </button>
              );
            })}
          </div>
        )}
      </Ready>
    </Card>
  );
}
