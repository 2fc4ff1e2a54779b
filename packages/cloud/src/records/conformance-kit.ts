import { type Alarm, normalFacts, type WorkOrderRequest } from '@plantroom/model';
import type { AlarmCommand } from '@plantroom/model/wire';
import type { EntryName, EventsBatch, Records, TelemetryEntry } from './contract.ts';

/** Records under test that can be closed and opened again on the same data. */
export interface RecordsUnderTest {
  records(): Records;
  reopen(): Promise<void>;
}

/** One thing that every store of records must do; `run` begins with empty records and throws when it does not. */
export interface RecordsCase {
  readonly name: string;
  run(under: RecordsUnderTest): Promise<void>;
}

export const origin = { site: 'harbour', gateway: 'gw-1' };

export function entryAt(sequence: number, more: Partial<EntryName> = {}): EntryName {
  return { ...origin, epoch: 'epoch-0001', lane: 'events', sequence, ...more };
}

/** A telemetry frame of ten samples. */
export function telemetryAt(sequence: number, more: Partial<TelemetryEntry> = {}): TelemetryEntry {
  const entry = entryAt(sequence, { lane: 'telemetry' });
  return {
    entry,
    samples: 10,
    oldestGatewayTime: 490 + sequence,
    newestGatewayTime: 500 + sequence,
    quarters: [],
    ...more,
  };
}

export function batchAt(sequence: number, events: Partial<EventsBatch> = {}): EventsBatch {
  const nothing = {
    models: [],
    alarms: [],
    transitions: [],
    orders: [],
    intervals: [],
    deviceEvents: [],
    gaps: [],
    corrections: [],
    outcomes: [],
  };
  return { entry: entryAt(sequence), receivedAt: 1000 + sequence, ...nothing, ...events };
}

export function alarmOf(id: string, raisedAt: number, more: Partial<Alarm> = {}): Alarm {
  return {
    ...{ id, equipment: 'pump-1', fault: 'pump.dry-run', subject: '', source: 'gateway', priority: 2 },
    facts: { ...normalFacts, active: true, acknowledged: false },
    ...{ raisedAt, clearedAt: null, acknowledgedAt: null, acknowledgedBy: null, endedAt: null, ending: null },
    detail: { en: 'No flow', zh: '无流量' },
    ...{ evidence: [], version: 1, command: null },
    ...more,
  };
}

/** The alarm's last version. */
export function endOf(alarm: Alarm, endedAt: number, version = alarm.version + 1): Alarm {
  return { ...alarm, facts: normalFacts, clearedAt: endedAt, endedAt, ending: 'returned', version };
}

export function requestOf(id: string, alarm: string, raisedAt: number, more: Partial<WorkOrderRequest> = {}) {
  const request: WorkOrderRequest = {
    ...{
      id,
      alarm,
      equipment: 'pump-1',
      fault: 'pump.dry-run',
      subject: '',
      priority: 2,
      trade: 'mechanical',
      raisedAt,
    },
    title: { en: 'Pump runs dry', zh: '水泵干转' },
  };
  return { ...request, ...more };
}

export function modelWith(revision: string, steps: number) {
  const text = { en: 'text', zh: '文字' };
  return {
    revision,
    gateway: origin.gateway,
    site: { id: origin.site, name: { en: 'Harbour', zh: '海港' }, timezone: 'Asia/Shanghai' },
    equipment: [],
    points: [],
    catalogue: [
      {
        ...({ fault: 'pump.dry-run', kind: 'pump', priority: 2, trade: 'mechanical', raisesOrder: true } as const),
        ...{ title: text, cause: text, consequence: text },
        steps: Array.from({ length: steps }, () => text),
      },
    ],
  };
}

export const commandOf = (id: string, time: number, alarm = 'a1'): AlarmCommand => ({
  ...{ id, alarm, action: 'acknowledge', actor: 'ada', time, comment: '' },
});
