import type { AlarmView } from '@plantroom/model/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { allAlarmsQuery, openAlarmsQuery } from '../api/queries.ts';
import { Age } from '../components/age.tsx';
import { AlarmStateChip } from '../components/alarm-state-chip.tsx';
import { Card } from '../components/card.tsx';
import { Empty } from '../components/notice.tsx';
import { PrioritySymbol } from '../components/priority-symbol.tsx';
import { Ready } from '../components/ready.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useNames } from '../components/use-names.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { PageTitle } from '../layout/page-title.tsx';
import { usePlace, useSite } from '../layout/site-context.ts';
import { useNow } from '../live/use-now.ts';
import { byUrgency, type FoldedAlarm, foldAlarms, isStanding } from '../util/alarms.ts';
import { paths } from '../util/paths.ts';
import { formatMoment } from '../util/time.ts';
import { AlarmLoad } from './alarm-load.tsx';
import { AlarmSheet } from './alarm-sheet.tsx';

const alone = (alarm: AlarmView): FoldedAlarm => ({ alarm, under: [] });

type Shown = 'open' | 'hidden' | 'all' | 'load';

/** Alarms, open or all of them; one of them in a drawer over the list. */
export function AlarmsPage() {
  const { t } = useTexts();
  const site = useSite();
  const navigate = useNavigate();
  const { alarm } = useSearch({ from: '/sites/$site/alarms' });
  const [shown, setShown] = useState<Shown>('open');
  const { data } = useQuery(openAlarmsQuery(site.id));
  const open = data?.filter(isStanding);
  const hidden = (data?.length ?? 0) - (open?.length ?? 0);
  const unacknowledged = open?.filter((each) => !each.facts.acknowledged).length ?? 0;
  const sentence = open && t('alarms.sentence', { count: open.length, unacknowledged });
  const options = [
    { value: 'open' as const, label: t('alarms.open') },
    ...(hidden > 0 ? [{ value: 'hidden' as const, label: t('alarms.hidden', { count: hidden }) }] : []),
    { value: 'all' as const, label: t('alarms.all') },
    { value: 'load' as const, label: t('alarms.load') },
  ];
  return (
    <>
      <PageTitle title={t('alarms.title')} sentence={sentence} />
      <div className="toolbar">
        <Segmented label={t('alarms.show')} options={options} value={shown} onChange={setShown} />
      </div>
      {shown === 'load' && <AlarmLoad />}
      {shown === 'all' && <AllAlarms />}
      {(shown === 'open' || shown === 'hidden') && <OpenAlarms isHidden={shown === 'hidden' && hidden > 0} />}
      {alarm !== undefined && (
        <AlarmSheet id={alarm} onClose={() => void navigate({ to: paths.alarms(site.id), replace: true })} />
      )}
    </>
  );
}

/** Alarms that stand, or those that somebody put out of the way; hiding one is not ending it. */
function OpenAlarms({ isHidden }: { readonly isHidden: boolean }) {
  const { t } = useTexts();
  const query = useQuery(openAlarmsQuery(useSite().id));
  return (
    <Card title={t('alarms.open')} note={isHidden ? t('alarms.hiddenNote') : undefined}>
      <Ready query={query}>
        {(all) => {
          const families = isHidden
            ? byUrgency(all.filter((alarm) => !isStanding(alarm))).map(alone)
            : foldAlarms(byUrgency(all)).filter(({ alarm }) => isStanding(alarm));
          if (families.length === 0) return <Empty title={t('alarms.empty.title')}>{t('alarms.empty.body')}</Empty>;
          return <AlarmTable families={families} />;
        }}
      </Ready>
    </Card>
  );
}

function AllAlarms() {
  const { t } = useTexts();
  const query = useInfiniteQuery(allAlarmsQuery(useSite().id));
  return (
    <Card title={t('alarms.all')}>
      <Ready query={query}>
        {({ pages }) => {
          const alarms = pages.flatMap((page) => page.items).sort((a, b) => b.raisedAt - a.raisedAt);
          if (alarms.length === 0) return <Empty title={t('alarms.emptyAll.title')}>{t('alarms.empty.body')}</Empty>;
          return <AlarmTable families={alarms.map(alone)} />;
        }}
      </Ready>
      {query.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('alarms.older')}
        </button>
      )}
    </Card>
  );
}

/** A row for each, with what is told under it folded away. */
function AlarmTable({ families }: { readonly families: readonly FoldedAlarm[] }) {
  const { t } = useTexts();
  return (
    <table className="table stacked">
      <thead>
        <tr>
          <th scope="col" className="narrow">
            <span className="hidden">{t('alarms.priority')}</span>
          </th>
          <th scope="col">{t('alarms.equipment')}</th>
          <th scope="col">{t('alarms.what')}</th>
          <th scope="col">{t('alarms.state')}</th>
          <th scope="col" className="number">
            {t('alarms.raised')}
          </th>
          <th scope="col" className="number">
            {t('alarms.since')}
          </th>
          <th scope="col" className="number">
            {t('alarms.order')}
          </th>
          <th scope="col" className="number">
            <span className="hidden">{t('alarms.action')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {families.map((family) => (
          <Family key={family.alarm.id} family={family} />
        ))}
      </tbody>
    </table>
  );
}

function Family({ family: { alarm, under } }: { readonly family: FoldedAlarm }) {
  const nameOf = useNames();
  const [isOpen, setOpen] = useState(false);
  const fold = { count: under.length, isOpen, onToggle: () => setOpen(!isOpen) };
  return (
    <>
      <AlarmRow alarm={alarm} name={nameOf(alarm.equipment)} {...(under.length > 0 && { under: fold })} />
      {isOpen && under.map((each) => <AlarmRow key={each.id} alarm={each} name={nameOf(each.equipment)} isUnder />)}
    </>
  );
}

interface AlarmRowProps {
  readonly alarm: AlarmView;
  readonly name: string;
  /** What it stands for, and whether that is shown below it. */
  readonly under?: { readonly count: number; readonly isOpen: boolean; readonly onToggle: () => void };
  readonly isUnder?: boolean;
}

function AlarmRow({ alarm, name, under, isUnder = false }: AlarmRowProps) {
  const { t, local } = useTexts();
  const site = useSite();
  const place = usePlace();
  const now = useNow();
  const spoken = `${name}, ${local(alarm.detail)}`;
  const classes = [...(alarm.endedAt === null ? [] : ['over']), ...(isUnder ? ['under'] : [])];
  const canAcknowledge =
    !alarm.facts.acknowledged && alarm.endedAt === null && alarm.pending === null && isStanding(alarm);
  return (
    <tr className={classes.join(' ')} data-alarm={alarm.id}>
      <td>
        <PrioritySymbol priority={alarm.priority} />
      </td>
      <td className="strong">
        <Link to={paths.equipment(site.id, alarm.equipment)} className="plain">
          {name}
        </Link>
      </td>
      <td className="wide">
        <Link to={paths.alarm(site.id, alarm.id)} className="plain" aria-label={t('alarms.details', { alarm: spoken })}>
          {local(alarm.detail)}
        </Link>
        {under && (
          <button type="button" className="link fold" aria-expanded={under.isOpen} onClick={under.onToggle}>
            {under.isOpen ? '▾' : '▸'} {t('alarms.under', { count: under.count })}
          </button>
        )}
      </td>
      <td>
        <AlarmStateChip alarm={alarm} />
        {alarm.chattering && <span className="chip">{t('alarms.chatters')}</span>}
      </td>
      <td className="number">{formatMoment(alarm.raisedAt, now, place)}</td>
      <td className="number">{alarm.endedAt === null && <Age since={alarm.raisedAt} bare />}</td>
      <td className="number">
        {alarm.order && (
          <Link to={paths.order(site.id, alarm.order.id)} className="link">
            {alarm.order.number}
          </Link>
        )}
      </td>
      <td className="number">
        {canAcknowledge && (
          <Link
            to={paths.alarm(site.id, alarm.id)}
            className="button"
            aria-label={t('alarms.acknowledgeThis', { alarm: spoken })}
          >
            {t('alarms.acknowledge')}
          </Link>
        )}
      </td>
    </tr>
  );
}
