import type { EquipmentView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { gatewaysQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { PrioritySymbol } from '../../components/priority-symbol.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace, useSite } from '../../layout/site-context.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { FireLoop } from '../../pictures/fire-loop.tsx';
import { fireSentence, panelLoops, summariseDevices, withFire } from '../../util/fire.ts';
import { isHeard } from '../../util/gateways.ts';
import { paths } from '../../util/paths.ts';
import { formatClockSeconds } from '../../util/time.ts';
import { useFires } from './use-fires.ts';

/** As of when its devices stand, while its gateway is not heard: a panel that has little to tell is believed for long. */
function useAsOf(panel: EquipmentView): string | undefined {
  const { t } = useTexts();
  const place = usePlace();
  const now = useNow();
  const { data: gateways = [] } = useQuery(gatewaysQuery(panel.site));
  const gateway = gateways.find((each) => each.id === panel.gateway);
  if (!gateway || gateway.heardAt === null || isHeard(gateway, now)) return undefined;
  return t('fire.asOf', { time: formatClockSeconds(gateway.heardAt, place) });
}

export function FireCard({ panel, titled }: { readonly panel: EquipmentView; readonly titled: boolean }) {
  const texts = useTexts();
  const { t, local } = texts;
  const site = useSite();
  const fire = useFires().find((each) => each.panel === panel.id);
  const known = panelLoops(panel, useLatestState(), useNow());
  const loops = [...known].map(([loop, members]) => [loop, withFire(members, fire)] as const);
  const devices = loops.flatMap(([, members]) => members);
  const said = [t('fire.devices', { count: devices.length }), summariseDevices(devices, texts)];
  const asOf = useAsOf(panel);
  const note = (asOf === undefined ? said : [...said, asOf]).join(t('overview.separator'));
  return (
    <Card title={titled ? local(panel.name) : t('fire.title')} note={note} span={4}>
      {fire && (
        <p className="ink-p1 strong fire-line">
          <PrioritySymbol priority={1} /> {fireSentence([fire], () => local(panel.name), texts)}
        </p>
      )}
      <Link to={paths.equipment(site.id, panel.id)} className="loops" aria-label={`${local(panel.name)}: ${note}`}>
        {loops.map(([loop, members]) => (
          <span key={loop} className="loop-row">
            <span className="loop-name">{t('fire.loop', { loop })}</span>
            <FireLoop devices={members} />
          </span>
        ))}
      </Link>
    </Card>
  );
}
