import type { AlarmMetricsView } from '@plantroom/model/api';
import { alarmLimits } from '@plantroom/operations';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { alarmMetricsQuery } from '../api/queries.ts';
import { Card } from '../components/card.tsx';
import { Ready } from '../components/ready.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useNames } from '../components/use-names.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { usePlace, useSite } from '../layout/site-context.ts';
import { serverClock } from '../live/server-clock.ts';
import { formatNumber, formatShare } from '../util/numbers.ts';
import { paths } from '../util/paths.ts';
import { day, formatFull, formatSpan } from '../util/time.ts';

const spans = { '1': day, '7': 7 * day, '30': 30 * day } as const;
type Span = keyof typeof spans;

/** How the alarms bear upon those who answer them, with what the standard says they can take. */
export function AlarmLoad() {
  const { t } = useTexts();
  const [span, setSpan] = useState<Span>('7');
  const query = useQuery(alarmMetricsQuery(useSite().id, spans[span], () => serverClock.now()));
  const options = (Object.keys(spans) as Span[]).map((value) => ({
    value,
    label: t('load.days', { count: Number(value) }),
  }));
  return (
    <>
      <div className="toolbar">
        <Segmented label={t('load.period')} options={options} value={span} onChange={setSpan} />
      </div>
      <Ready query={query}>
        {(metrics) => (
          <div className="load-cards">
            <Limits metrics={metrics} />
            <TopTen metrics={metrics} />
            <Named metrics={metrics} />
          </div>
        )}
      </Ready>
    </>
  );
}

type Limited = keyof typeof alarmLimits;
const shares: ReadonlySet<Limited> = new Set(['hoursAboveThirty', 'tenMinutesAboveTen', 'floodShare', 'topTenShare']);

function figureOf(metrics: AlarmMetricsView, name: Limited): number {
  const value = metrics[name];
  return typeof value === 'number' ? value : value.length;
}

function Limits({ metrics }: { readonly metrics: AlarmMetricsView }) {
  const { t, language } = useTexts();
  const shown = (name: Limited, value: number) =>
    shares.has(name)
      ? `${formatShare(value, language)} %`
      : formatNumber(value, language, Number.isInteger(value) ? 0 : 1);
  const { toAcknowledge, unacknowledged } = metrics;
  const answered =
    toAcknowledge === null
      ? t('load.noneAcknowledged')
      : t('load.answered', {
          median: formatSpan(toAcknowledge.median, language),
          ninetieth: formatSpan(toAcknowledge.ninetieth, language),
        });
  return (
    <Card title={t('load.title')} note={t('load.note')}>
      <p className="load-sentence">
        {t('load.sentence', { count: metrics.alarms })} {answered} {t('load.waiting', { count: unacknowledged })}
      </p>
      <table className="table stacked">
        <thead>
          <tr>
            <th scope="col">{t('load.metric')}</th>
            <th scope="col" className="number">
              {t('load.value')}
            </th>
            <th scope="col" className="number">
              {t('load.good')}
            </th>
            <th scope="col" className="number">
              {t('load.most')}
            </th>
            <th scope="col" className="after-number">
              {t('load.verdict')}
            </th>
          </tr>
        </thead>
        <tbody>
          {(Object.keys(alarmLimits) as Limited[]).map((name) => {
            const value = figureOf(metrics, name);
            const { good, most } = alarmLimits[name];
            // Ten kinds of alarm or fewer are always the ten most frequent.
            const isMoot = name === 'topTenShare' && metrics.topTen.length < 10;
            const verdict = isMoot || value <= good ? 'fine' : value <= most ? 'manageable' : 'over';
            return (
              <tr key={name}>
                <td>{t(`load.${name}`)}</td>
                <td className="number strong">{shown(name, value)}</td>
                <td className="number">{shown(name, good)}</td>
                <td className="number">{shown(name, most)}</td>
                <td className="after-number">
                  {!isMoot && (
                    <span className={verdict === 'over' ? 'chip chip-p2' : 'chip'}>{t(`load.is.${verdict}`)}</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}

type About = Pick<AlarmMetricsView['topTen'][number], 'equipment' | 'fault' | 'subject' | 'title'>;

function WhichAlarm({ about: { equipment, title, subject } }: { readonly about: About }) {
  const { local } = useTexts();
  const site = useSite();
  const nameOf = useNames();
  return (
    <>
      <Link to={paths.equipment(site.id, equipment)} className="plain strong">
        {nameOf(equipment)}
      </Link>{' '}
      <span className="muted">
        {local(title)}
        {subject && ` · ${subject}`}
      </span>
    </>
  );
}

function TopTen({ metrics }: { readonly metrics: AlarmMetricsView }) {
  const { t, language } = useTexts();
  if (metrics.topTen.length === 0) return null;
  return (
    <Card title={t('load.topTen')} note={t('load.topTenNote')}>
      <ol className="load-list">
        {metrics.topTen.map((each) => (
          <li key={`${each.equipment}|${each.fault}|${each.subject}`}>
            <span>
              <WhichAlarm about={each} />
            </span>
            <span className="number">
              {formatNumber(each.alarms, language)} · {formatShare(each.share, language)} %
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** What asks for a plan of action each: alarms that chatter, alarms that nobody ends, floods. */
function Named({ metrics: { chattering, stale, floods } }: { readonly metrics: AlarmMetricsView }) {
  const { t, language } = useTexts();
  const place = usePlace();
  if (chattering.length + stale.length + floods.length === 0) return null;
  const key = (about: About) => `${about.equipment}|${about.fault}|${about.subject}`;
  return (
    <Card title={t('load.act')}>
      <ul className="load-list">
        {chattering.map((each) => (
          <li key={`c${key(each)}`}>
            <span>
              <WhichAlarm about={each} />
            </span>
            <span>{t('load.chatters')}</span>
          </li>
        ))}
        {stale.map((each) => (
          <li key={`s${key(each)}`}>
            <span>
              <WhichAlarm about={each} />
            </span>
            <span>{t('load.staleSince', { time: formatFull(each.since, place) })}</span>
          </li>
        ))}
        {floods.map(({ from, to, alarms }) => (
          <li key={from}>
            <span className="strong">{t('load.flood', { time: formatFull(from, place) })}</span>
            <span>{t('load.floodOf', { count: alarms, span: formatSpan(to - from, language) })}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
