// Drains a log to a cloud as the gateway does, while it logs current values each second, in a process of its own.
import { silentLogger, systemClock } from '@plantroom/base';
import { Outbox } from '../../packages/gateway/src/outbox/outbox.ts';
import { Uplink } from '../../packages/gateway/src/uplink/uplink.ts';
import { address, model, points, Readings } from './outbox-plant.ts';

export interface DrainQuestion {
  readonly file: string;
  readonly port: number;
  readonly secret: string;
}

export interface DrainAnswer {
  /** Of the backlog. */
  readonly samples: number;
  /** ms until all of it was acknowledged, from the first acknowledgement of it on. */
  readonly elapsed: number;
  /** ms from the append of current values to their acknowledgement, each second's. */
  readonly waits: readonly number[];
}

const second = 1000;

async function drain({ file, port, secret }: DrainQuestion): Promise<DrainAnswer> {
  const outbox = await Outbox.open({
    ...{ file, ...address, groupCommit: 250, logger: silentLogger },
    capacity: { maximumBytes: 4 * 1024 ** 3, freeFloor: 0 },
    onFailure: (error) => {
      throw error;
    },
  });
  await outbox.useModel(model);
  const backlog = (await outbox.stats()).lanes.telemetry.entries;
  const readings = new Readings();
  const loggedAt: number[] = [];
  const waits: number[] = [];
  let [drained, began, ended] = [0, 0, 0];
  const log = Object.assign(Object.create(outbox) as Outbox, {
    // Private fields are reached through the outbox itself.
    next: outbox.next.bind(outbox),
    quarantine: (name: { sequence: number }, code: string, reason: string) => {
      throw new Error(`frame ${name.sequence} was rejected: ${code} ${reason}`);
    },
    resendModel: outbox.resendModel.bind(outbox),
    modelFrame: outbox.modelFrame.bind(outbox),
    stats: outbox.stats.bind(outbox),
    onAppended: outbox.onAppended.bind(outbox),
    acknowledge: (...[epoch, lane, ranges]: Parameters<Outbox['acknowledge']>) => {
      const now = systemClock.monotonic();
      for (const [from, to] of lane === 'telemetry' ? ranges : [])
        if (epoch === outbox.epoch) for (let n = from; n <= to; n++) waits.push(now - (loggedAt[n - 1] ?? now));
        else {
          began ||= now;
          drained += to - from + 1;
          if (drained >= backlog) ended ||= now;
        }
      return outbox.acknowledge(epoch, lane, ranges);
    },
  });
  const uplink = await Uplink.start({
    ...{ address, url: `mqtt://127.0.0.1:${port}`, user: `${address.site}/${address.gateway}`, password: secret },
    ...{ log, clock: systemClock, random: () => 0, logger: silentLogger, onCommand: () => {} },
    status: async () => ({
      ...{ time: systemClock.now(), epoch: outbox.epoch, revision: model.revision, version: 'bench' },
      ...{ backlog: { entries: 0, bytes: 0, oldest: 0 }, quarantined: 0, connections: [] },
    }),
  });
  const live = systemClock.every(second, () => {
    loggedAt.push(systemClock.monotonic());
    void outbox.append([{ lane: 'telemetry', samples: readings.frame(systemClock.now()) }], { urgent: true });
  });
  while (!ended) await systemClock.sleep(100);
  live.cancel();
  await uplink.stop();
  await outbox.close();
  return { samples: backlog * points, elapsed: ended - began, waits };
}

process.once('disconnect', () => process.exit(0));
process.on('message', (question: DrainQuestion) => void drain(question).then((answer) => process.send?.(answer)));
process.send?.({});
