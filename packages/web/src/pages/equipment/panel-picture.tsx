import type { EquipmentView } from '@plantroom/model/api';
import { useTexts } from '../../i18n/use-texts.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { DeviceMark, FireLoop } from '../../pictures/fire-loop.tsx';
import { type Device, deviceStates, panelLoops, summariseDevices } from '../../util/fire.ts';
import { stateText } from '../../util/states.ts';
import { Figures } from './figures.tsx';

const systemPoints = [
  ...['fire', 'fault', 'fireCount', 'faultCount', 'disabledCount', 'supervisory', 'manual', 'mainsFault'],
  ...['batteryFault', 'busFault', 'batteryVoltage'],
] as const;

/** The panel by loop: each device a dot, and every abnormal one by its address. */
export function PanelPicture({ machine }: { readonly machine: EquipmentView }) {
  const texts = useTexts();
  const { t } = texts;
  const loops = panelLoops(machine, useLatestState(), useNow());
  return (
    <div className="picture-column">
      <Figures machine={machine} points={systemPoints} lead={0} />
      {[...loops].map(([loop, devices]) => (
        <section key={loop} className="panel-loop" aria-label={t('fire.loop', { loop })}>
          <h3>
            {t('fire.loop', { loop })} <span className="muted">{summariseDevices(devices, texts)}</span>
          </h3>
          <FireLoop devices={devices} />
          <AbnormalDevices devices={devices} />
        </section>
      ))}
    </div>
  );
}

function AbnormalDevices({ devices }: { readonly devices: readonly Device[] }) {
  const { t, local } = useTexts();
  const abnormal = devices.filter(({ state }) => state !== undefined && state !== deviceStates.normal);
  if (abnormal.length === 0) return null;
  return (
    <ul className="device-list">
      {abnormal.slice(0, 12).map(({ loop, device, point, state = 0 }) => (
        <li key={point}>
          <svg width={14} height={14} viewBox="-7 -7 14 14" aria-hidden="true">
            <DeviceMark state={state} />
          </svg>
          {t('fire.device', { loop, device, state: local(stateText('fire-panel', point, state)) })}
        </li>
      ))}
    </ul>
  );
}
