import { statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@plantroom/base';
import { decodeEvents } from '@plantroom/model/wire';
import { temporaryDirectory } from '@plantroom/testing';
import { OutboxLog } from '../../packages/gateway/src/outbox/log-sqlite.ts';
import { atMost, type Bench, type BenchSettings, type Figure, orientation } from './figure.ts';
import { address, model, points, Readings } from './outbox-plant.ts';

const mebibyte = 1024 * 1024;
const start = Date.UTC(2026, 4, 12);

/** Samples that the log's gap records name, by reason. */
function gapSamples(log: OutboxLog): { thinned: number; dropped: number } {
  const sums = { thinned: 0, dropped: 0 };
  for (let after = 0; ; ) {
    const read = log.next({ lane: 'events', history: false, after, limit: 500 });
    for (const event of read.flatMap((e) => decodeEvents(e.bytes).events))
      if (event.type === 'gap' && event.gap.reason !== 'corrupt') sums[event.gap.reason] += event.gap.samples;
    after = read.at(-1)?.row ?? 0;
    if (read.length === 0) return sums;
  }
}

/** Writes frame after frame as the log's thread does, with the same room made after each; gives the ms that each took. */
function write(log: OutboxLog, seconds: number, setTime: (time: number) => void): Float64Array {
  const readings = new Readings();
  const took = new Float64Array(seconds);
  for (let n = 0; n < seconds; n++) {
    const time = start + n * 1000;
    setTime(time);
    const samples = readings.frame(time);
    const began = systemClock.monotonic();
    log.append([{ lane: 'telemetry', samples }], {});
    log.relieve(Number.MAX_SAFE_INTEGER);
    took[n] = systemClock.monotonic() - began;
  }
  return took.sort();
}

/** `--hours` is how much is written, `--cap` how many MiB the log may use. */
async function run({ hours = '24', cap = '4096' }: BenchSettings): Promise<Figure[]> {
  using folder = temporaryDirectory('plantroom-bench');
  const file = join(folder.path, 'outbox.sqlite');
  let time = start;
  const capacity = { maximumBytes: Number(cap) * mebibyte, freeFloor: 0 };
  const log = new OutboxLog({ file, ...address, capacity, now: () => time });
  log.useModel(model);
  const seconds = Math.round(Number(hours) * 3600);
  const began = systemClock.monotonic();
  const took = write(log, seconds, (now) => {
    time = now;
  });
  const elapsed = (systemClock.monotonic() - began) / 1000;
  const { used, lanes } = log.stats();
  const { produced, buffered, thinned, dropped, bytes } = lanes.telemetry;
  const gaps = gapSamples(log);
  log.close();
  // What was thinned and then dropped is in both kinds of records.
  const unreported = Math.abs(gaps.dropped - dropped) + Math.max(0, thinned - gaps.thinned);
  const named = (what: string) => `${hours} h at ${points} points a second: ${what}`;
  return [
    atMost(named('bytes of the log in use'), used, 'B', capacity.maximumBytes),
    atMost(named('samples that the books miss'), produced - buffered - thinned - dropped, 'samples', 0),
    atMost(named('thinned or dropped samples without a gap record'), unreported, 'samples', 0),
    orientation(named('samples'), produced, 'samples'),
    orientation(named('as they were read'), buffered, 'samples'),
    orientation(named('thinned'), thinned, 'samples'),
    orientation(named('dropped'), dropped, 'samples'),
    orientation('bytes of the log in use for each sample that was read', used / produced, 'B'),
    orientation('bytes of frames', bytes, 'B'),
    orientation('bytes of the file', statSync(file, { throwIfNoEntry: false })?.size ?? 0, 'B'),
    orientation('written in', elapsed, 's'),
    orientation('one frame with its sync and its room, median', took[seconds >> 1] ?? 0, 'ms'),
    orientation('one frame, 99 of 100', took[Math.floor(seconds * 0.99)] ?? 0, 'ms'),
    orientation('one frame, longest', took.at(-1) ?? 0, 'ms'),
  ];
}

export const bench: Bench = {
  about: `the gateway's log written by its own append path on a fake clock, ${points} points a second in a frame a second`,
  run,
};
