import type { ModelRevision } from '@plantroom/model';
import { decodeEvents, SamplePacker } from '@plantroom/model/wire';
import { OutboxLog } from '../../../../packages/gateway/src/outbox/log-sqlite.ts';
import type { Plant } from '../plant.ts';
import { meters, points, toldValue } from '../source.ts';
import { type FaultKind, restartGateway } from './fault.ts';

const twoDays = 2 * 86_400_000;
/** Milliseconds between two frames, each with every point once. */
const period = 10_000;
const frames = twoDays / period;
/** Frames of one commit. */
const together = 500;
/** Numbers of messages that the devices do not reach in a run; the kinds take values for so many backlogs. */
const firstNumber = 100_000;
const mostBacklogs = 8;

/** How many there were in a plant: each is of the two days before the one before. */
const counts = new WeakMap<Plant, number>();

/** Puts two days into the gateway's log by its own append path, and into the note of what was told; gives their span. */
function writeBacklog(plant: Plant, maximumBytes: number): readonly [number, number] {
  const count = counts.get(plant) ?? 0;
  counts.set(plant, count + 1);
  const from = plant.startedAt - (count + 1) * twoDays;
  let time = from;
  const log = new OutboxLog({
    file: plant.path('gateway', 'outbox.sqlite'),
    ...{ site: 'oracle', gateway: 'gw-1' },
    capacity: { maximumBytes, freeFloor: 0 },
    now: () => time,
  });
  const model = modelOf(log);
  log.useModel(model);
  const indexes = new Map(model.points.map(({ equipment, point }, index) => [`${equipment} ${point}`, index]));
  const packer = new SamplePacker(meters.length * points.length);
  for (let n = 0; n < frames; n += together) {
    log.together(() => {
      for (let at = n; at < Math.min(frames, n + together); at++) {
        time = from + at * period;
        for (const meter of meters) {
          const number = firstNumber + count * frames + at;
          plant.source.told.get(meter)?.set(number, { time, taken: time });
          for (const point of points)
            packer.add(indexes.get(`${meter} ${point}`) ?? 0, {
              ...{ time, gatewayTime: time, quality: 'good' },
              value: toldValue(meter, point, number),
            });
        }
        log.append([{ lane: 'telemetry', samples: packer.take() }], {});
      }
    });
    for (let made = 1; made > 0; ) {
      const { thinned, dropped } = log.relieve(Number.MAX_SAFE_INTEGER);
      made = thinned + dropped;
    }
  }
  log.close();
  return [from, from + twoDays];
}

function modelOf(log: OutboxLog): ModelRevision {
  const frame = log.modelFrame();
  for (const event of frame ? decodeEvents(frame).events : []) if (event.type === 'model') return event.model;
  throw new Error('the log holds no model');
}

const backlog = (name: string, weight: number, maximumBytes: number): FaultKind => ({
  name,
  weight,
  parts: ['gateway'],
  destroys: maximumBytes < 1e9,
  isPossible: (plant) => (counts.get(plant) ?? 0) < mostBacklogs,
  run: (context) => restartGateway(context, () => context.toldToo(writeBacklog(context.plant, maximumBytes))),
});

/** A cloud that was away for two days is back, and takes all of it in one go; also of a log that had no room for all. */
export const oldBacklogs: readonly FaultKind[] = [
  backlog('two days of backlog', 0.4, 1e9),
  backlog('two days of backlog in a small log', 0.4, 1_200_000),
];
