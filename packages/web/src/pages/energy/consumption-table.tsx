import type { Consumption } from '@plantroom/model/api';
import { useTexts } from '../../i18n/use-texts.ts';
import type { ConsumptionWords } from './consumption-option.ts';

/** The chart's figures as a table. */
export function ConsumptionTable({
  answer,
  words,
}: {
  readonly answer: Consumption;
  readonly words: ConsumptionWords;
}) {
  const { t } = useTexts();
  const figure = (value: number | null) => (value === null ? '–' : words.number(value));
  return (
    <details className="as-table">
      <summary>{t('energy.table')}</summary>
      <div className="scroll">
        <table className="table dense">
          <thead>
            <tr>
              <th scope="col">{t('energy.time')}</th>
              <th scope="col" className="number">
                {t('energy.col.kWh')}
              </th>
              <th scope="col" className="number">
                {t('energy.col.before')}
              </th>
              <th scope="col" className="number">
                {t('energy.col.completeness')}
              </th>
              <th scope="col" className="number">
                {t('energy.col.estimated')}
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.items.map((item) => (
              <tr key={item.start}>
                <td>{words.step(item)}</td>
                <td className="number">{figure(item.kWh)}</td>
                <td className="number">{figure(item.before)}</td>
                <td className="number">{words.share(item.completeness)} %</td>
                <td className="number">{words.share(item.estimated)} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
