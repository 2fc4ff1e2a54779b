import type { EquipmentView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { equipmentQuery, openAlarmsQuery, openOrdersQuery } from '../../api/queries.ts';
import { Empty } from '../../components/notice.tsx';
import { Ready } from '../../components/ready.tsx';
import { useNames } from '../../components/use-names.ts';
import { languageTags } from '../../i18n/setup.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { PageTitle } from '../../layout/page-title.tsx';
import { useSite } from '../../layout/site-context.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { isStanding } from '../../util/alarms.ts';
import { fireSentence } from '../../util/fire.ts';
import { mainMeter } from '../../util/meters.ts';
import { AlarmsCard } from './alarms-card.tsx';
import { ElevatorsCard } from './elevators-card.tsx';
import { EnergyTodayCard, ExpectationCard } from './energy-cards.tsx';
import { EnvironmentCard, TanksCard } from './environment-cards.tsx';
import { FireCard } from './fire-card.tsx';
import { OrdersCard } from './orders-card.tsx';
import { siteSentence } from './overview-sentence.ts';
import { PumpsCard } from './pumps-card.tsx';
import { useFires } from './use-fires.ts';

/** The whole building at a glance, system by system. */
export function OverviewPage() {
  const texts = useTexts();
  const { language, local } = texts;
  const site = useSite();
  const query = useQuery(equipmentQuery(site.id));
  const sentence = useSentence(query.data);
  const fires = useFires();
  const nameOf = useNames();
  const alert = fireSentence(fires, nameOf, texts);
  const other = language === 'en' ? 'zh' : 'en';
  return (
    <>
      <PageTitle
        title={local(site.name)}
        other={{ text: site.name[other], lang: languageTags[other] }}
        alert={alert}
        sentence={sentence}
      />
      <Ready query={query}>{(equipment) => <Systems equipment={equipment} />}</Ready>
    </>
  );
}

/** Said once all that it is about is known. */
function useSentence(equipment: readonly EquipmentView[] | undefined): string | undefined {
  const texts = useTexts();
  const { id } = useSite();
  const now = useNow();
  const latest = useLatestState();
  const { data: alarms } = useQuery(openAlarmsQuery(id));
  const { data: orders } = useQuery(openOrdersQuery(id));
  if (!equipment || !alarms || !orders || Object.keys(latest).length === 0) return undefined;
  return siteSentence({ equipment, latest, alarms: alarms.filter(isStanding), orders, now }, texts);
}

function Systems({ equipment }: { readonly equipment: readonly EquipmentView[] }) {
  const { t, local } = useTexts();
  const of = (kind: EquipmentView['kind']) => equipment.filter((each) => each.kind === kind);
  const names = new Map(equipment.map((each) => [each.id, local(each.name)]));
  const nameOf = (id: string) => names.get(id) ?? id;
  const [elevators, pumps, panels] = [of('elevator'), of('pump'), of('fire-panel')];
  const [tanks, sensors] = [of('water-tank'), of('environment-sensor')];
  const meter = mainMeter(equipment);
  if (equipment.length === 0) return <Empty title={t('equipment.empty.title')}>{t('equipment.empty.body')}</Empty>;
  return (
    <div className="grid">
      {elevators.length > 0 && <ElevatorsCard elevators={elevators} />}
      {pumps.length > 0 && <PumpsCard pumps={pumps} />}
      {panels.map((panel) => (
        <FireCard key={panel.id} panel={panel} titled={panels.length > 1} />
      ))}
      <AlarmsCard nameOf={nameOf} />
      <OrdersCard nameOf={nameOf} />
      {meter && <EnergyTodayCard meter={meter} />}
      {meter && <ExpectationCard meter={meter} />}
      {sensors.length > 0 && <EnvironmentCard sensors={sensors} />}
      {tanks.length > 0 && <TanksCard tanks={tanks} />}
    </div>
  );
}
