import type { Statement } from '@plantroom/model/api';
import { Card } from '../../components/card.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { isBad } from '../../util/completeness.ts';
import { formatNumber } from '../../util/numbers.ts';
import { formatMoment } from '../../util/time.ts';

/** Numbers of the gateways' logs that are not stored though later ones are; no card where there are none. */
export function LogCard({ statement }: { readonly statement: Statement }) {
  const { t, language } = useTexts();
  const place = usePlace();
  const rows = statement.gateways.flatMap((gateway) =>
    gateway.missing.map((missing) => ({ gateway: gateway.id, ...missing })),
  );
  if (rows.length === 0) return null;
  const moment = (time: number | null) => (time === null ? '–' : formatMoment(time, statement.from, place));
  return (
    <Card title={t('completeness.logTitle')}>
      <table className="table stacked">
        <thead>
          <tr>
            <th scope="col">{t('completeness.col.gateway')}</th>
            <th scope="col">{t('completeness.col.frames')}</th>
            <th scope="col">{t('completeness.col.time')}</th>
            <th scope="col">{t('completeness.col.cause')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.gateway}-${row.epoch}-${row.first}`}>
              <td className="strong">{row.gateway}</td>
              <td>
                {t('completeness.range', {
                  from: formatNumber(row.first, language),
                  to: formatNumber(row.last, language),
                })}{' '}
                <code className="muted">{row.epoch}</code>
              </td>
              <td className="nowrap">{t('completeness.range', { from: moment(row.from), to: moment(row.to) })}</td>
              <td className={isBad(row.cause) ? 'ink-p2 strong' : 'strong'}>{t(`completeness.cause.${row.cause}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
