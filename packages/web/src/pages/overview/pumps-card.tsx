import type { EquipmentView, LatestPoint } from '@plantroom/model/api';
import { Link } from '@tanstack/react-router';
import { byEquipment } from '../../api/latest-state.ts';
import { Card } from '../../components/card.tsx';
import { LiveValue } from '../../components/live-value.tsx';
import { PrioritySymbol } from '../../components/priority-symbol.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { useSite } from '../../layout/site-context.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { PumpDisc } from '../../pictures/pump-disc.tsx';
import { paths } from '../../util/paths.ts';
import { type PumpNow, pumpNow } from '../../util/pump.ts';
import { formatSpan } from '../../util/time.ts';

export function PumpsCard({ pumps }: { readonly pumps: readonly EquipmentView[] }) {
  const { t } = useTexts();
  const latest = byEquipment(useLatestState());
  const now = useNow();
  const states = pumps.map((pump) => ({ pump, state: pumpNow(latest.get(pump.id) ?? none, now) }));
  const running = states.filter(({ state }) => state.isRunning === true).length;
  const standing = states.filter(({ state }) => state.isRunning === false && state.mode !== 0).length;
  const silent = states.filter(({ state }) => state.silentSince !== undefined).length;
  const parts = [
    t('pumps.counts', { running, standing }),
    ...(silent > 0 ? [t('elevators.silent', { count: silent })] : []),
  ];
  return (
    <Card title={t('pumps.title')} note={parts.join(t('overview.separator'))} span={4}>
      <ul className="pumps">
        {states.map(({ pump, state }) => (
          <PumpLine key={pump.id} pump={pump} state={state} now={now} />
        ))}
      </ul>
    </Card>
  );
}

const none: readonly LatestPoint[] = [];

function PumpLine({ pump, state, now }: { pump: EquipmentView; state: PumpNow; now: number }) {
  const { local } = useTexts();
  const site = useSite();
  return (
    <li>
      <Link to={paths.equipment(site.id, pump.id)} className="pump">
        <PumpDisc isRunning={state.isRunning} />
        <span className="pump-text">
          <span className="pump-name">{local(pump.name)}</span>{' '}
          <span className="pump-note">
            <PumpNote pump={pump} state={state} now={now} />
          </span>
        </span>{' '}
        {pump.priority !== null && <PrioritySymbol priority={pump.priority} />}
      </Link>
    </li>
  );
}

/** What it delivers while it runs, and why it stands when it does not. */
function PumpNote({ pump, state, now }: { pump: EquipmentView; state: PumpNow; now: number }) {
  const { t, language } = useTexts();
  if (state.silentSince !== undefined) return t('pumps.silent', { age: formatSpan(now - state.silentSince, language) });
  if (state.isTripped) return t('pumps.tripped');
  if (state.isRunning === undefined) return t('freshness.missing');
  if (!state.isRunning) return t(state.mode === 0 ? 'pumps.off' : state.mode === 2 ? 'pumps.manual' : 'pumps.standby');
  return (
    <>
      {state.output ? <LiveValue equipment={pump} point={state.output} /> : t('pumps.running')}
      {state.hasSpeed && (
        <>
          {t('overview.separator')}
          <LiveValue equipment={pump} point="speed" />
        </>
      )}
    </>
  );
}
