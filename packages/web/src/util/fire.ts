import type { EquipmentView } from '@plantroom/model/api';
import type { LatestState } from '../api/latest-state.ts';
import type { UsedTexts } from '../i18n/use-texts.ts';
import { believed } from './freshness.ts';
import { stateText } from './states.ts';

export const deviceStates = {
  normal: 0,
  fire: 1,
  fault: 2,
  disabled: 3,
  supervisory: 4,
  test: 5,
} as const;

export interface Device {
  readonly loop: number;
  readonly device: number;
  readonly point: string;
  /** undefined when it is not known or too old. */
  readonly state: number | undefined;
}

const devicePoint = /^loop\[(\d+)\]\.device\[(\d+)\]\.state$/;

/** The devices of a panel by loop, in the order of their addresses. */
export function panelLoops(
  panel: Pick<EquipmentView, 'id' | 'points'>,
  latest: LatestState,
  now: number,
): ReadonlyMap<number, Device[]> {
  const devices = panel.points.flatMap((point): Device[] => {
    const [, loop, device] = devicePoint.exec(point) ?? [];
    if (loop === undefined || device === undefined) return [];
    return [
      { loop: Number(loop), device: Number(device), point, state: believed(latest[`${panel.id}/${point}`], now) },
    ];
  });
  devices.sort((a, b) => a.loop - b.loop || a.device - b.device);
  return Map.groupBy(devices, (device) => device.loop);
}

/** Everything that is not plainly normal, the most urgent first: fire, supervisory, fault, disabled, test, unknown. */
export function abnormalCounts(devices: readonly Device[]): ReadonlyMap<number | undefined, number> {
  const order = [1, 4, 2, 3, 5, undefined];
  const counts = new Map<number | undefined, number>();
  for (const state of order) {
    const count = devices.filter((device) => device.state === state).length;
    if (count > 0) counts.set(state, count);
  }
  return counts;
}

const anyDevice = 'loop[1].device[1].state';

/** "all normal", or what is not: "1 disabled, 2 fault". */
export function summariseDevices(devices: readonly Device[], { t, local }: UsedTexts): string {
  const parts = [...abnormalCounts(devices)].map(([state, count]) => {
    if (state === undefined) return t('fire.unknown', { count });
    return t('fire.inState', { count, state: local(stateText('fire-panel', anyDevice, state)) });
  });
  return parts.length > 0 ? parts.join(t('overview.separator')) : t('fire.normal');
}
