import { pointKey } from '@plantroom/model';
import type { AlarmView, EquipmentView } from '@plantroom/model/api';
import type { LatestState } from '../api/latest-state.ts';
import type { UsedTexts } from '../i18n/use-texts.ts';
import { isFire } from './alarms.ts';
import { believed } from './freshness.ts';
import { stateText } from './states.ts';
import { locales } from './time.ts';

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

type Address = Pick<Device, 'loop' | 'device'>;

export interface Fire {
  readonly panel: string;
  /** The devices in fire alarm; empty when only the panel tells of it. */
  readonly devices: readonly Address[];
}

interface SiteFires {
  readonly panels: readonly Pick<EquipmentView, 'id' | 'points'>[];
  readonly latest: LatestState;
  readonly alarms: readonly AlarmView[];
  readonly now: number;
}

/**
 * Fires that burn now, by panel: from active alarms, and from the panels' own points, whichever tells first. Hiding an
 * alarm does not put out a fire, so shelved ones count.
 */
export function firesNow({ panels, latest, alarms, now }: SiteFires): Fire[] {
  const active = alarms.filter((alarm) => isFire(alarm) && alarm.facts.active);
  const ids = new Set([...panels.map(({ id }) => id), ...active.map((alarm) => alarm.equipment)]);
  return [...ids].flatMap((id): Fire[] => {
    const own = active.filter((alarm) => alarm.equipment === id);
    const panel = panels.find((each) => each.id === id);
    const told = own.flatMap(({ subject }) => addressOf(subject) ?? []);
    const seen = panel ? [...panelLoops(panel, latest, now).values()].flat() : [];
    const devices = [...told, ...seen.filter(({ state }) => state === deviceStates.fire)];
    const unique = [...new Map(devices.map((each) => [`${each.loop}-${each.device}`, each])).values()];
    unique.sort((a, b) => a.loop - b.loop || a.device - b.device);
    const isOn = own.length > 0 || unique.length > 0 || believed(latest[pointKey(id, 'fire')], now) === 1;
    return isOn ? [{ panel: id, devices: unique }] : [];
  });
}

/** Loop and device of an alarm's subject such as `2-31`; undefined for a loop or a panel. */
function addressOf(subject: string): Address | undefined {
  const [, loop, device] = /^(\d+)-(\d+)$/.exec(subject) ?? [];
  return loop === undefined || device === undefined ? undefined : { loop: Number(loop), device: Number(device) };
}

const namedPlaces = 3;

/** "Fire alarm at loop 2 device 31.", or undefined when nothing burns. */
export function fireSentence(fires: readonly Fire[], nameOf: (panel: string) => string, { t, language }: UsedTexts) {
  if (fires.length === 0) return undefined;
  const places = fires.flatMap(({ panel, devices }) =>
    devices.length === 0 ? [nameOf(panel)] : devices.map(({ loop, device }) => t('fire.place', { loop, device })),
  );
  const rest = places.length - namedPlaces;
  const named = [...places.slice(0, namedPlaces), ...(rest > 0 ? [t('fire.more', { count: rest })] : [])];
  const list = new Intl.ListFormat(locales[language], { type: 'conjunction' });
  return t('fire.sentence', { places: list.format(named) });
}

/** The devices of a loop, with those in fire that an alarm tells of before the point does. */
export function withFire(devices: readonly Device[], fire: Fire | undefined): readonly Device[] {
  const burns = (each: Device) => fire?.devices.some((one) => one.loop === each.loop && one.device === each.device);
  return devices.map((each) => (burns(each) ? { ...each, state: deviceStates.fire } : each));
}
