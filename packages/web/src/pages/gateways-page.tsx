import type { GatewayView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { gatewaysQuery } from '../api/queries.ts';
import { Age } from '../components/age.tsx';
import { Card } from '../components/card.tsx';
import { KeyFigure } from '../components/key-figure.tsx';
import { Empty } from '../components/notice.tsx';
import { Ready } from '../components/ready.tsx';
import { useNames } from '../components/use-names.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { PageTitle } from '../layout/page-title.tsx';
import { useSite } from '../layout/site-context.ts';
import { useNow } from '../live/use-now.ts';
import { isHeard } from '../util/gateways.ts';
import { formatNumber } from '../util/numbers.ts';
import { day, formatSpan, minute } from '../util/time.ts';
import { ClockFacts, ClockFigure } from './gateway-clock.tsx';

/** The line from the plant to here: each gateway, what waits on it, and which devices do not answer. */
export function GatewaysPage() {
  const { t } = useTexts();
  const site = useSite();
  const query = useQuery(gatewaysQuery(site.id));
  const now = useNow();
  const online = query.data?.filter((gateway) => isHeard(gateway, now)).length ?? 0;
  const sentence = query.data && t('gateways.sentence', { count: query.data.length, online });
  return (
    <>
      <PageTitle title={t('gateways.title')} sentence={sentence} />
      <Ready query={query}>
        {(gateways) => (
          <div className="grid">
            {gateways.length === 0 && <Empty title={t('gateways.empty.title')}>{t('gateways.empty.body')}</Empty>}
            {gateways.map((gateway) => (
              <Gateway key={gateway.id} gateway={gateway} />
            ))}
          </div>
        )}
      </Ready>
    </>
  );
}

function Gateway({ gateway }: { readonly gateway: GatewayView }) {
  const { t } = useTexts();
  const heard = isHeard(gateway, useNow());
  const state = (
    <span className={heard ? 'chip' : 'chip chip-p2'}>
      {t(heard ? 'gateways.online' : gateway.online ? 'gateways.unheard' : 'gateways.offline')}
    </span>
  );
  return (
    <Card title={gateway.id} note={state}>
      {gateway.conflict && (
        <p className="notice problem" role="alert">
          {t(`gateways.conflict.${gateway.conflict.kind}`)}
        </p>
      )}
      <Figures gateway={gateway} />
      <h3>{t('gateways.connections')}</h3>
      <Connections gateway={gateway} />
      <dl className="facts inline">
        <Fact label={t('gateways.version')} value={gateway.version} />
        <Fact label={t('gateways.revision')} value={gateway.revision} />
        <Fact label={t('gateways.epoch')} value={gateway.epoch} />
      </dl>
      <ClockFacts gateway={gateway} />
    </Card>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string | null }) {
  const { t } = useTexts();
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value ?? t('gateways.unknown')}</dd>
    </div>
  );
}

/** More than this is no age but a clock that was not set, or a time since 1970 counted from 0. */
const longestAge = 3650 * day;

/** The age of the oldest waiting entry, ms; none when the gateway does not know it (0) or it cannot be. */
function ageOfBacklog(oldest: number): readonly number[] {
  return oldest > 0 && oldest < longestAge ? [oldest] : [];
}

function Figures({ gateway }: { readonly gateway: GatewayView }) {
  const { t, language } = useTexts();
  const { heardAt, lag, backlog } = gateway;
  const now = useNow();
  // What a gateway said of itself before it fell silent is not how it is now: it is hatched, and says as of when.
  const heard = isHeard(gateway, now);
  const waits = backlog !== null && backlog.entries > 0;
  const notes = [
    t(waits || backlog === null ? 'gateways.backlog' : 'gateways.backlogNone'),
    ...(heard && waits ? ageOfBacklog(backlog.oldest) : []).map((ms) =>
      t('gateways.oldest', { age: formatSpan(ms, language) }),
    ),
    ...(heard || backlog === null || heardAt === null
      ? []
      : [t('gateways.asOf', { age: formatSpan(now - heardAt, language) })]),
  ];
  return (
    <div className="figures">
      <div>
        <div className="big">{heardAt === null ? t('age.never') : <Age since={heardAt} />}</div>
        <div className="sub">{t('gateways.heard')}</div>
      </div>
      <KeyFigure
        value={backlog === null ? '–' : formatNumber(backlog.entries, language)}
        note={notes.join(t('overview.separator'))}
        {...(!heard && backlog !== null && { tone: 'stale' })}
      />
      <KeyFigure
        value={lag === null ? '–' : formatSpan(lag, language)}
        note={t('gateways.lag')}
        {...(!heard && lag !== null && { tone: 'stale' })}
      />
      <KeyFigure value={formatNumber(gateway.samples, language)} note={t('gateways.samples')} />
      {gateway.quarantined > 0 && (
        <KeyFigure value={formatNumber(gateway.quarantined, language)} note={t('gateways.quarantined')} tone="ink-p2" />
      )}
      <LogFigures gateway={gateway} />
      <ClockFigure gateway={gateway} />
    </div>
  );
}

/**
 * A log that is full later than this (ms) is no news: a healthy one grows and shrinks. Where its oldest entry has waited
 * for long it only grows, so that is told earlier.
 */
const fullSoon = day;
const fullSoonBehind = 7 * day;
const longWait = 10 * minute;

/** What shortage of space has cost, and what it is going to; nothing while there is none. */
function LogFigures({ gateway }: { readonly gateway: GatewayView }) {
  const { t, language } = useTexts();
  const { log, backlog } = gateway;
  const online = isHeard(gateway, useNow());
  if (!log) return null;
  const { thinned, lost, fullIn, trouble } = log;
  const soon = backlog !== null && backlog.entries > 0 && backlog.oldest > longWait ? fullSoonBehind : fullSoon;
  return (
    <>
      {thinned > 0 && <KeyFigure value={formatNumber(thinned, language)} note={t('gateways.thinned')} />}
      {lost > 0 && <KeyFigure value={formatNumber(lost, language)} note={t('gateways.lost')} tone="ink-p2" />}
      {online && fullIn !== null && fullIn < soon && (
        <KeyFigure value={formatSpan(fullIn, language)} note={t('gateways.fullIn')} tone="ink-p2" />
      )}
      {online && trouble !== null && <KeyFigure value={t('gateways.diskStands')} note={trouble} tone="ink-p2" />}
    </>
  );
}

const linkStates = ['connected', 'connecting', 'failed'] as const;

/** A state of a newer gateway, unknown here, is shown as it came. */
function LinkState({ state }: { readonly state: string }) {
  const { t } = useTexts();
  const known = linkStates.find((each) => each === state);
  return <span className={state === 'failed' ? 'chip chip-p2' : 'chip'}>{known ? t(`link.${known}`) : state}</span>;
}

function Connections({ gateway }: { readonly gateway: GatewayView }) {
  const { t, language } = useTexts();
  const nameOf = useNames();
  const now = useNow();
  const heard = isHeard(gateway, now);
  const asOf =
    heard || gateway.heardAt === null ? '' : t('gateways.asOf', { age: formatSpan(now - gateway.heardAt, language) });
  return (
    <table className="table stacked">
      <thead>
        <tr>
          <th scope="col">{t('gateways.connection')}</th>
          <th scope="col">{t('gateways.type')}</th>
          <th scope="col">{t('gateways.state')}</th>
          <th scope="col">{t('gateways.silent')}</th>
          <th scope="col">{t('gateways.detail')}</th>
        </tr>
      </thead>
      <tbody>
        {gateway.connections.map((connection) => (
          <tr key={connection.id}>
            <td className="strong">{connection.id}</td>
            <td className="muted">{connection.type}</td>
            <td>{heard ? <LinkState state={connection.state} /> : t('gateways.unknown')}</td>
            <td className={heard && connection.silent.length > 0 ? 'ink-p2' : 'muted'}>
              {connection.silent.length > 0
                ? connection.silent.map(nameOf).join(t('overview.separator'))
                : t('gateways.noSilent')}
              {asOf && <span className="small"> {asOf}</span>}
            </td>
            <td className="muted wide">{connection.detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
