import type { Site } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { openAlarmsQuery, openOrdersQuery } from '../api/queries.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { isStanding } from '../util/alarms.ts';
import { paths } from '../util/paths.ts';
import { Brand } from './brand.tsx';
import { useSite } from './site-context.ts';

interface Counter {
  readonly count: number;
  readonly label: string;
  readonly className?: string;
}

function Item({
  to,
  label,
  counter,
  exact = false,
}: {
  to: string;
  label: string;
  counter?: Counter;
  exact?: boolean;
}) {
  return (
    <Link to={to} activeOptions={{ exact, includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
      <span>{label}</span>{' '}
      {counter && counter.count > 0 && (
        <b className={counter.className} title={counter.label}>
          {counter.count}
        </b>
      )}
    </Link>
  );
}

/** Counts are read out when they change; an emergency does not wait for a pause. */
function Announcements({ alarms, orders, isEmergency }: { alarms: string; orders: string; isEmergency: boolean }) {
  return (
    <p className="hidden" role="status" aria-live={isEmergency ? 'assertive' : 'polite'}>
      {alarms}, {orders}
    </p>
  );
}

/** The pages that exist, with what is open on them. */
export function Navigation({ sites }: { readonly sites: readonly Site[] }) {
  const { t } = useTexts();
  const { id } = useSite();
  const { data: open = [] } = useQuery(openAlarmsQuery(id));
  const alarms = open.filter(isStanding);
  const { data: orders = [] } = useQuery(openOrdersQuery(id));
  const urgent = alarms.reduce((most, alarm) => Math.min(most, alarm.priority), 5);
  const alarmCounter = {
    count: alarms.length,
    label: t('nav.alarmCount', { count: alarms.length }),
    ...(urgent < 5 && { className: `ink-p${urgent}` }),
  };
  const orderCounter = { count: orders.length, label: t('nav.orderCount', { count: orders.length }) };
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      <Brand />
      {sites.length > 1 && <SitePicker sites={sites} />}
      <div className="nav-items">
        <Item to={paths.site(id)} label={t('nav.overview')} exact />
        <Item to={paths.equipmentList(id)} label={t('nav.equipment')} />
        <Item to={paths.alarms(id)} label={t('nav.alarms')} counter={alarmCounter} />
        <Item to={paths.orders(id)} label={t('nav.orders')} counter={orderCounter} />
        <Item to={paths.energy(id)} label={t('nav.energy')} />
        <div className="nav-section">{t('nav.system')}</div>
        <Item to={paths.gateways(id)} label={t('nav.gateways')} />
        <Item to={paths.completeness(id)} label={t('nav.completeness')} />
      </div>
      <Announcements alarms={alarmCounter.label} orders={orderCounter.label} isEmergency={urgent === 1} />
    </nav>
  );
}

function SitePicker({ sites }: { readonly sites: readonly Site[] }) {
  const { t, local } = useTexts();
  const { id } = useSite();
  const navigate = useNavigate();
  return (
    <select
      className="select"
      aria-label={t('nav.site')}
      value={id}
      onChange={(event) => void navigate({ to: paths.site(event.target.value) })}
    >
      {sites.map((site) => (
        <option key={site.id} value={site.id}>
          {local(site.name)}
        </option>
      ))}
    </select>
  );
}
