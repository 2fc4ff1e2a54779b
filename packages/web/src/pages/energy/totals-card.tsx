import type { Consumption } from '@plantroom/model/api';
import type { UseQueryResult } from '@tanstack/react-query';
import { Card } from '../../components/card.tsx';
import { KeyFigure } from '../../components/key-figure.tsx';
import { Ready } from '../../components/ready.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { serverClock } from '../../live/server-clock.ts';
import { completenessOf, estimatedOf, totalOf } from '../../util/consumption.ts';
import { nameWindows } from '../../util/energy-period.ts';
import { formatChange, formatNumber, formatShare } from '../../util/numbers.ts';

/** The sums that the bars add up to, and how far they may be trusted. */
export function TotalsCard({ query }: { readonly query: UseQueryResult<Consumption> }) {
  const { t, language } = useTexts();
  const place = usePlace();
  return (
    <Card title={t('energy.totals')} span={4} phone="energy">
      <Ready query={query}>
        {(answer) => {
          const { total, items, beforeFrom, beforeTo } = answer;
          const steps = t(`energy.steps.${answer.by}`);
          const completeness = completenessOf(items, serverClock.now());
          const estimated = estimatedOf(items);
          const [, earlier] = nameWindows([answer, { from: beforeFrom, to: beforeTo }], place);
          const before = t('energy.beforeOver', { steps, from: earlier?.first ?? '', to: earlier?.last ?? '' });
          return (
            <div className="figures">
              <KeyFigure value={formatNumber(totalOf(items), language)} unit="kWh" note={t('energy.used')} />
              <KeyFigure
                value={total.change === null ? '–' : formatChange(total.change, language)}
                unit="%"
                note={t('energy.change', { steps })}
              />
              <KeyFigure
                value={total.before === null ? '–' : formatNumber(total.before, language)}
                unit="kWh"
                note={before}
              />
              <KeyFigure
                value={completeness === undefined ? '–' : formatShare(completeness, language, 2)}
                unit="%"
                note={t('energy.completeness')}
              />
              <KeyFigure
                value={estimated === undefined ? '–' : formatShare(estimated, language)}
                unit="%"
                note={t('energy.estimated')}
              />
            </div>
          );
        }}
      </Ready>
    </Card>
  );
}
