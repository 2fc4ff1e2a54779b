import { kinds } from '@plantroom/model';
import type { EquipmentView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { byEquipment } from '../../api/latest-state.ts';
import { equipmentQuery, openAlarmsQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { Ready } from '../../components/ready.tsx';
import { languageTags } from '../../i18n/setup.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { PageTitle } from '../../layout/page-title.tsx';
import { useSite } from '../../layout/site-context.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { isStanding } from '../../util/alarms.ts';
import { equipmentFreshness } from '../../util/freshness.ts';
import { paths } from '../../util/paths.ts';
import { formatSpan } from '../../util/time.ts';
import { NotFoundPage } from '../not-found-page.tsx';
import { EquipmentRecords } from './equipment-records.tsx';
import { FaultsCard } from './faults-card.tsx';
import { MachinePicture } from './machine-picture.tsx';
import { PointsCard } from './points-card.tsx';
import { ReportsCard } from './reports-card.tsx';
import { TrendCard } from './trend-card.tsx';

/** One machine: its picture with live values, what is wrong with it, its history and all its points. */
export function EquipmentPage() {
  const { id } = useParams({ from: '/sites/$site/equipment/$id' });
  const site = useSite();
  const query = useQuery(equipmentQuery(site.id));
  return (
    <Ready query={query}>
      {(equipment) => {
        const machine = equipment.find((each) => each.id === id);
        return machine ? <Machine key={machine.id} machine={machine} /> : <NotFoundPage />;
      }}
    </Ready>
  );
}

function useSentence(machine: EquipmentView): string {
  const { t, local, language } = useTexts();
  const now = useNow();
  const points = byEquipment(useLatestState()).get(machine.id) ?? [];
  const { data: alarms = [] } = useQuery(openAlarmsQuery(machine.site));
  const all = alarms.filter((alarm) => alarm.equipment === machine.id);
  const mine = all.filter(isStanding);
  const hidden = all.length - mine.length;
  const { isSilent, heardAt } = equipmentFreshness(points, now);
  const parts = [
    `<b>${local(kinds[machine.kind].label)}</b>`,
    local(machine.place),
    ...(mine.length === 0
      ? [hidden > 0 ? t('machine.hiddenSentence', { count: hidden }) : t('machine.noAlarmsSentence')]
      : mine.map((alarm) => `<b>${local(alarm.detail)}</b>`)),
    ...(isSilent && heardAt !== undefined
      ? [t('freshness.silentFor', { age: formatSpan(now - heardAt, language) })]
      : []),
  ];
  return parts.filter(Boolean).join(t('overview.separator'));
}

function Machine({ machine }: { readonly machine: EquipmentView }) {
  const { t, language, local } = useTexts();
  const sentence = useSentence(machine);
  const other = language === 'en' ? 'zh' : 'en';
  return (
    <>
      <p className="crumb">
        <Link to={paths.equipmentList(machine.site)} className="link">
          {t('machine.back')}
        </Link>
      </p>
      <PageTitle
        title={local(machine.name)}
        other={{ text: machine.name[other], lang: languageTags[other] }}
        sentence={sentence}
      />
      <div className="grid">
        <Card title={t('machine.picture')} note={<Origin machine={machine} />} span={8}>
          <MachinePicture machine={machine} />
        </Card>
        <EquipmentRecords machine={machine} />
        {machine.kind === 'fire-panel' && <ReportsCard machine={machine} />}
        <TrendCard machine={machine} />
        <PointsCard machine={machine} />
        <FaultsCard machine={machine} />
      </div>
    </>
  );
}

/** Where its values come from. */
function Origin({ machine }: { readonly machine: EquipmentView }) {
  return (
    <span>
      {machine.profile} · {machine.connection} · {machine.gateway}
    </span>
  );
}
