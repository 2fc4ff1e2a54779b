import { readFileSync } from 'node:fs';
import type { KindName } from '@plantroom/model';
import type { EquipmentView, Site } from '@plantroom/model/api';
import { parse } from 'yaml';

interface SiteFile {
  readonly site: { id: string; name: { en: string; zh: string }; timezone: string; area: number };
  readonly equipment: Readonly<
    Record<
      string,
      {
        profile: string;
        on: string;
        name: { en: string; zh: string };
        at: { en: string; zh: string };
        ratings?: Record<string, number>;
        parent?: string;
      }
    >
  >;
}

const file = parse(readFileSync(new URL('../../../deploy/demo/site.yaml', import.meta.url), 'utf8')) as SiteFile;

const kindOfProfile: readonly [RegExp, KindName][] = [
  [/lift/, 'elevator'],
  [/grundfos|pump/, 'pump'],
  [/fire-panel/, 'fire-panel'],
  [/level/, 'water-tank'],
  [/sensor/, 'environment-sensor'],
];

function kindOf(profile: string): KindName {
  return kindOfProfile.find(([pattern]) => pattern.test(profile))?.[1] ?? 'energy-meter';
}

const devices = [1, 2, 3, 4].flatMap((loop) =>
  Array.from({ length: 50 }, (_, index) => `loop[${loop}].device[${index + 1}].state`),
);

const points: Readonly<Record<KindName, readonly string[]>> = {
  elevator: [
    ...['floor', 'height', 'speed', 'direction', 'moving', 'door', 'doorReopenCount', 'load', 'mode', 'alarmButton'],
    ...['safetyChain', 'faultCode', 'driveTemperature', 'machineRoomTemperature', 'trips', 'runHours', 'energy'],
  ],
  pump: [
    ...['running', 'mode', 'tripped', 'speed', 'flow', 'head', 'dischargePressure', 'power', 'currentL1'],
    ...['vibration', 'bearingTemperature', 'starts', 'runHours', 'energy'],
  ],
  'fire-panel': [
    ...['fire', 'fault', 'disabled', 'supervisory', 'mainsFault', 'batteryFault', 'manual', 'fireCount'],
    ...['faultCount', 'disabledCount', 'batteryVoltage', ...devices],
  ],
  'energy-meter': [
    ...['voltageL1', 'voltageL2', 'voltageL3', 'currentL1', 'currentL2', 'currentL3', 'powerL1', 'powerL2', 'powerL3'],
    ...['power', 'reactivePower', 'apparentPower', 'powerFactor', 'frequency', 'energyImport'],
  ],
  'environment-sensor': ['temperature', 'humidity', 'co2', 'pm25', 'illuminance', 'battery'],
  'water-tank': ['level', 'depth', 'highLevel', 'lowLevel'],
};

/** The demo's building as its gateway would describe it. */
export const equipment: readonly EquipmentView[] = Object.entries(file.equipment).map(([id, entry]) => ({
  site: file.site.id,
  id,
  gateway: 'gw-1',
  kind: kindOf(entry.profile),
  name: entry.name,
  place: entry.at,
  profile: entry.profile,
  connection: entry.on,
  ratings: entry.ratings ?? {},
  parent: entry.parent ?? null,
  priority: null,
  openAlarms: 0,
  points: [...points[kindOf(entry.profile)]],
}));

export const site: Site = {
  id: file.site.id,
  name: file.site.name,
  timezone: file.site.timezone,
  area: file.site.area,
  gateways: ['gw-1'],
  equipment: equipment.length,
  alarms: { 1: 0, 2: 0, 3: 0, 4: 0 },
  openOrders: 0,
};
