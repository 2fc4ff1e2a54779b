import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@plantroom/base';
import { type Alarm, type ModelRevision, normalFacts, type WorkOrderRequest } from '@plantroom/model';
import { SamplePacker } from '@plantroom/model/wire';
import { temporaryDirectory } from '@plantroom/testing';
import { Outbox } from '../../../packages/gateway/src/outbox/outbox.ts';
import { Uplink } from '../../../packages/gateway/src/uplink/uplink.ts';

export const site = 'harbour';
const fault = 'pump.dry-run';
export const points = ['flow', 'head', 'speed', 'power'] as const;

/** ms between two frames of current values, and how many frames there are for each ticket. */
const period = 40;
const framesOfTicket = 10;

/** How a gateway gets to the broker. */
export interface Way {
  readonly url: string;
  readonly password: string;
  readonly ca?: string;
}

/** The log and the uplink of a real gateway, which is told values instead of reading them; it remembers all of them. */
export interface SendingGateway {
  readonly name: string;
  readonly equipment: string;
  /** Values by point and time. */
  readonly produced: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Ids of its alarms, each with an order; all but the first are over. */
  readonly alarms: readonly string[];
  readonly commands: readonly string[];
  /** Frames that wait for an acknowledgement; throws when any was rejected. */
  waiting(): Promise<number>;
  /** ms for which the oldest of them has waited. */
  longestWait(): Promise<number>;
  /** Ends the telling; what waits still goes out. */
  silence(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts to tell and to send. `as` is the gateway whose name and credential it uses: its own unless told. */
export async function startSendingGateway(name: string, way: Way, as = name): Promise<SendingGateway> {
  const folder = temporaryDirectory('plantroom-sender');
  const address = { site, gateway: as };
  const equipment = `${name}-pump`;
  const outbox = await Outbox.open({
    ...{ file: join(folder.path, 'outbox.sqlite'), ...address, groupCommit: 20, logger: silentLogger },
    capacity: { maximumBytes: 1024 ** 3, freeFloor: 0 },
    onFailure: (error) => {
      throw error;
    },
  });
  const model = modelOf(as, equipment);
  await outbox.useModel(model);
  const commands: string[] = [];
  const uplink = await Uplink.start({
    ...{ address, user: `${site}/${as}`, ...way, log: outbox, logger: silentLogger },
    ...{ clock: systemClock, random: systemRandom, onCommand: ({ id }) => void commands.push(id) },
    status: async () => ({
      ...{ time: systemClock.now(), epoch: outbox.epoch, revision: model.revision, version: 'test' },
      ...{ backlog: { entries: 0, bytes: 0, oldest: 0 }, quarantined: 0, connections: [] },
    }),
  });
  const produced = new Map(points.map((p) => [p as string, new Map<number, number>()]));
  const alarms: string[] = [];
  const packer = new SamplePacker(points.length);
  let [frames, time, stopped] = [0, 0, false];
  const written: Promise<void>[] = [];
  const tell = () => {
    time = Math.max(time + 1, systemClock.now());
    for (const [index, point] of points.entries()) {
      const value = frames * points.length + index;
      packer.add(index, { time, gatewayTime: time, value, quality: 'good' });
      produced.get(point)?.set(time, value);
    }
    written.push(outbox.append([{ lane: 'telemetry', samples: packer.take() }]));
    if (frames++ % framesOfTicket === 0) {
      const id = `${name}-alarm-${alarms.length}`;
      alarms.push(id);
      const [open, over] = [alarmOf(id, equipment, time), alarmOf(id, equipment, time, time + 1)];
      const order = orderOf(open);
      written.push(
        outbox.append([
          {
            lane: 'events',
            events: [
              { type: 'alarm', alarm: open },
              { type: 'work-order', order },
            ],
          },
        ]),
      );
      if (alarms.length > 1)
        written.push(outbox.append([{ lane: 'events', events: [{ type: 'alarm', alarm: over }] }]));
    }
  };
  const timer = systemClock.every(period, tell);
  return {
    ...{ name, equipment, produced, alarms, commands },
    async waiting() {
      const [rejected] = await outbox.quarantined(1);
      if (rejected)
        throw new Error(`${name} has rejected frames: ${JSON.stringify({ ...rejected, bytes: undefined })}`);
      const { lanes } = await outbox.stats();
      return Object.values(lanes).reduce((sum, lane) => sum + lane.entries, 0);
    },
    async longestWait() {
      const { lanes } = await outbox.stats();
      const now = systemClock.now();
      return Math.max(...Object.values(lanes).map((lane) => now - (lane.oldest ?? now)));
    },
    async silence() {
      timer.cancel();
      await Promise.all(written);
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      timer.cancel();
      await Promise.all(written);
      await uplink.stop();
      await outbox.close();
      folder.remove();
    },
  };
}

function modelOf(gateway: string, equipment: string): ModelRevision {
  return {
    revision: `revision-of-${equipment}`,
    gateway,
    site: { id: site, name: { en: 'Harbour', zh: '海港' }, timezone: 'UTC' },
    equipment: [
      {
        ...{
          id: equipment,
          kind: 'pump',
          name: { en: equipment, zh: equipment },
          place: { en: '', zh: '' },
          profile: 'pump',
        },
        ...{ connection: 'bus', ratings: {} },
      },
    ],
    points: points.map((point) => ({ equipment, point, period, maximumSilence: 60_000 })),
    catalogue: [],
  };
}

function alarmOf(id: string, equipment: string, raisedAt: number, endedAt: number | null = null): Alarm {
  const open = endedAt === null;
  return {
    ...{ id, equipment, fault, subject: id, source: 'gateway', priority: 3, raisedAt, endedAt },
    facts: { ...normalFacts, active: open, acknowledged: !open },
    ...{ clearedAt: endedAt, acknowledgedAt: endedAt, acknowledgedBy: open ? null : 'nobody' },
    ending: open ? null : 'returned',
    detail: { en: 'No flow', zh: '无流量' },
    ...{ evidence: [], version: open ? 1 : 2, command: null },
  };
}

function orderOf({ id, equipment, subject, raisedAt }: Alarm): WorkOrderRequest {
  const title = { en: 'Pump runs dry', zh: '水泵干转' };
  return {
    id: `order-of-${id}`,
    alarm: id,
    equipment,
    fault,
    subject,
    priority: 3,
    trade: 'mechanical',
    raisedAt,
    title,
  };
}
