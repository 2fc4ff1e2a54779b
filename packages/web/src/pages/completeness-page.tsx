import type { Statement } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { apiUrl } from '../api/client.ts';
import { statementQuery } from '../api/queries.ts';
import { Ready } from '../components/ready.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { PageTitle } from '../layout/page-title.tsx';
import { usePlace, useSite } from '../layout/site-context.ts';
import { formatNumber, formatShare } from '../util/numbers.ts';
import { paths } from '../util/paths.ts';
import { day as dayLength, formatClock, formatFull, formatWeekday } from '../util/time.ts';
import { DaysCard } from './completeness/days-card.tsx';
import { GatewayCard } from './completeness/gateway-card.tsx';
import { HolesCard } from './completeness/holes-card.tsx';
import { LogCard } from './completeness/log-card.tsx';

/** What was to be expected of a day, what is stored, and why the rest is not; to be kept as a table or on paper. */
export function CompletenessPage() {
  const { t } = useTexts();
  const site = useSite();
  const { day } = useSearch({ strict: false });
  const navigate = useNavigate();
  const query = useQuery(statementQuery(site.id, day));
  const choose = (chosen: string) => void navigate({ to: paths.completeness(site.id, chosen), resetScroll: false });
  return (
    <>
      <PageTitle title={t('completeness.title')} sentence={useSentence(query.data)} />
      <Choices statement={query.data} onChoose={choose} />
      <div className="grid">
        <DaysCard chosen={query.data?.day} onChoose={choose} />
      </div>
      <Ready query={query}>
        {(statement) => (
          <div className="grid statement">
            {statement.gateways.map((gateway) => (
              <GatewayCard key={gateway.id} statement={statement} gateway={gateway} />
            ))}
            <HolesCard statement={statement} />
            <LogCard statement={statement} />
            <Foot statement={statement} />
          </div>
        )}
      </Ready>
    </>
  );
}

function Foot({ statement }: { readonly statement: Statement }) {
  const { t } = useTexts();
  return (
    <p className="muted small statement-foot">
      {t('completeness.foot', { time: formatFull(statement.madeAt, usePlace()) })}
    </p>
  );
}

/** What is known of a day with a hole is never told as all. */
const mostWithHole = 0.9999;

function useSentence(statement: Statement | undefined): string | undefined {
  const { t, language } = useTexts();
  const place = usePlace();
  if (!statement) return undefined;
  const { verdict, from, to, examinedTo, gateways, holes } = statement;
  const day = formatWeekday(from + dayLength / 2, place);
  const sum = (of: (gateway: Statement['gateways'][number]) => number) =>
    gateways.reduce((total, gateway) => total + of(gateway), 0);
  const points = sum((gateway) => gateway.points);
  if (verdict !== 'incomplete' && examinedTo > from && gateways.every((gateway) => gateway.coverage === null))
    return t('completeness.nothing', { day });
  if (verdict === 'complete')
    return t('completeness.complete', {
      ...{
        day,
        stored: formatNumber(
          sum((gateway) => gateway.stored),
          language,
        ),
      },
      points: formatNumber(points, language),
    });
  if (verdict === 'incomplete') {
    const share = points === 0 ? 1 : sum((gateway) => (gateway.coverage ?? 1) * gateway.points) / points;
    const count = holes.filter((hole) => hole.cause !== 'not-enrolled').length;
    // A minute of one point in thousands is less than a double can tell from a whole, and still a hole.
    const told = t('completeness.incomplete', {
      day,
      count,
      share: formatShare(count > 0 ? Math.min(share, mostWithHole) : share, language, 2),
    });
    return examinedTo < to
      ? `${told}${t('completeness.examinedUntil', { time: formatClock(examinedTo, place) })}`
      : told;
  }
  if (examinedTo === from) return t('completeness.notExamined', { day });
  return t('completeness.open', { day, time: formatClock(examinedTo, place) });
}

interface ChoicesProps {
  readonly statement: Statement | undefined;
  readonly onChoose: (day: string) => void;
}

function Choices({ statement, onChoose }: ChoicesProps) {
  const { t } = useTexts();
  const site = useSite();
  const day = statement?.day;
  return (
    <div className="toolbar">
      <div className="buttons">
        <button type="button" className="button" disabled={!day} onClick={() => day && onChoose(moved(day, -1))}>
          {t('completeness.earlier')}
        </button>
        <button
          type="button"
          className="button"
          disabled={!statement || statement.to > statement.madeAt}
          onClick={() => day && onChoose(moved(day, 1))}
        >
          {t('completeness.later')}
        </button>
      </div>
      <div className="buttons">
        {day && (
          <a className="button" href={apiUrl('/completeness/statement.csv', { site: site.id, day })} download>
            {t('completeness.table')}
          </a>
        )}
        <button type="button" className="button" disabled={!day} onClick={() => window.print()}>
          {t('completeness.print')}
        </button>
      </div>
    </div>
  );
}

/** The name of a day some days later; days by their names alone know no zone. */
function moved(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayLength).toISOString().slice(0, 10);
}
