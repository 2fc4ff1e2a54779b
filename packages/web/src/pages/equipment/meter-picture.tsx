import { pointKey } from '@plantroom/model';
import type { EquipmentView } from '@plantroom/model/api';
import { LiveValue } from '../../components/live-value.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { believed } from '../../util/freshness.ts';
import { Figures } from './figures.tsx';

const phases = ['L1', 'L2', 'L3'] as const;

/** Phases side by side, each against the largest of them, and how active, reactive and apparent power fit together. */
export function MeterPicture({ machine }: { readonly machine: EquipmentView }) {
  return (
    <div className="picture-column">
      <Figures machine={machine} points={['power', 'powerFactor', 'frequency', 'energyImport']} lead={1} />
      <div className="picture-row">
        <PhaseTable machine={machine} />
        <PowerTriangle machine={machine} />
      </div>
    </div>
  );
}

function PhaseTable({ machine }: { readonly machine: EquipmentView }) {
  const { t } = useTexts();
  const latest = useLatestState();
  const now = useNow();
  const quantities = (['voltage', 'current', 'power'] as const).filter((name) => machine.points.includes(`${name}L1`));
  if (quantities.length === 0) return null;
  const power = (phase: string) => believed(latest[pointKey(machine.id, `powerL${phase.slice(1)}`)], now);
  const largest = Math.max(...phases.map((phase) => Math.abs(power(phase) ?? 0)), 1e-9);
  return (
    <table className="table dense phases">
      <caption className="hidden">{t('picture.phases')}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">{t('picture.phases')}</span>
          </th>
          {quantities.map((name) => (
            <th key={name} scope="col" className="number">
              {t(`picture.${name}`)}
            </th>
          ))}
          <td className="phase-bar-column" />
        </tr>
      </thead>
      <tbody>
        {phases.map((phase) => (
          <tr key={phase}>
            <th scope="row">{phase}</th>
            {quantities.map((name) => (
              <td key={name} className="number">
                <LiveValue equipment={machine} point={`${name}${phase}`} />
              </td>
            ))}
            <td>
              <PhaseBar share={(power(phase) ?? 0) / largest} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Power that flows back through one phase (a reversed current transformer, most often) sticks out warm. */
function PhaseBar({ share }: { readonly share: number }) {
  return (
    <svg
      className="phase-bar"
      viewBox="0 0 100 8"
      width="100%"
      height={8}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect width={Math.abs(share) * 100} height={8} rx={1} className={share < 0 ? 'bar-over' : 'bar'} />
    </svg>
  );
}

function PowerTriangle({ machine }: { readonly machine: EquipmentView }) {
  const { t } = useTexts();
  const latest = useLatestState();
  const now = useNow();
  const value = (point: string) => believed(latest[pointKey(machine.id, point)], now);
  const [active, reactive] = [value('power'), value('reactivePower')];
  if (active === undefined || reactive === undefined) return null;
  const apparent = Math.hypot(active, reactive);
  const scale = apparent > 0 ? 130 / apparent : 0;
  const [x, y] = [Math.abs(active) * scale, Math.abs(reactive) * scale];
  return (
    <figure className="triangle">
      <svg width={160} height={Math.max(46, y + 22)} viewBox={`0 0 160 ${Math.max(46, y + 22)}`} aria-hidden="true">
        <path d={`M4 ${y + 8}h${x}v${-y}Z`} className="triangle-shape" />
        <path d={`M4 ${y + 8}h${x}`} className="triangle-active" />
      </svg>
      <figcaption>
        <span className="hidden">{t('picture.triangle')}: </span>
        <LiveValue equipment={machine} point="power" />
        <LiveValue equipment={machine} point="reactivePower" />
        {machine.points.includes('apparentPower') && <LiveValue equipment={machine} point="apparentPower" />}
      </figcaption>
    </figure>
  );
}
