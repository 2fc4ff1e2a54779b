import { useState } from 'react';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { formatFull } from '../../util/time.ts';
import type { TrendLine } from './trend-option.ts';

/** The newest steps are enough to read; a table of thousands is not. */
const shown = 120;

/** The chart's figures for those who do not see it. Made only when opened. */
export function TrendTable({ lines }: { readonly lines: readonly TrendLine[] }) {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('trend.table')}</summary>
      {isOpen && <Rows lines={lines} />}
    </details>
  );
}

function Rows({ lines }: { readonly lines: readonly TrendLine[] }) {
  const { t } = useTexts();
  const place = usePlace();
  const times = [...new Set(lines.flatMap((line) => line.series.items.map((item) => item.time)))]
    .sort((a, b) => b - a)
    .slice(0, shown);
  const byTime = lines.map((line) => new Map(line.series.items.map((item) => [item.time, item])));
  const show = (line: TrendLine, value: number | null | undefined) =>
    value === null || value === undefined ? '–' : line.show(value);
  return (
    <div className="scroll">
      <table className="table dense">
        <thead>
          <tr>
            <th scope="col">{t('trend.time')}</th>
            {lines.map((line) => (
              <th key={line.name} scope="col" className="number">
                {line.name}
                {line.unit && `, ${line.unit}`} ({t('trend.mean')}, {t('trend.minimum')}–{t('trend.maximum')})
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time) => (
            <tr key={time}>
              <td>{formatFull(time, place)}</td>
              {lines.map((line, index) => {
                const item = byTime[index]?.get(time);
                return (
                  <td key={line.name} className="number">
                    {show(line, item?.value)} ({show(line, item?.minimum)}–{show(line, item?.maximum)})
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
