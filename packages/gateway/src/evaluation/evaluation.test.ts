import { ManualClock, silentLogger } from '@plantroom/base';
import type { Sample } from '@plantroom/model';
import type { WireEvent } from '@plantroom/model/wire';
import { expect, test } from 'vitest';
import type { Detector, EventLog, Verdict } from './contract.ts';
import { Evaluation } from './evaluation.ts';

const nothing: Verdict = { alarms: [], orders: [], outcomes: [], journal: [] };

/** Answers every sample with an outcome that carries its value; its state is how many it has seen. */
class CountingDetector implements Detector {
  seen = 0;
  ticks: number[] = [];
  resumed: number[] = [];

  ingest(samples: readonly Sample[]): Verdict {
    this.seen += samples.length;
    return { ...nothing, outcomes: samples.map((s) => ({ command: String(s.value), applied: true, reason: 'x' })) };
  }

  fact(): Verdict {
    return nothing;
  }

  tick(now: number): Verdict {
    this.ticks.push(now);
    return nothing;
  }

  command(): Verdict {
    return nothing;
  }

  resume(now: number): void {
    this.resumed.push(now);
  }

  state(): unknown {
    return this.seen;
  }
}

/** Commits when the test lets it. */
class SlowLog implements EventLog {
  readonly commits: { commands: string[]; state: unknown }[] = [];
  #release: (() => void)[] = [];

  append(...[entries, { state }]: Parameters<EventLog['append']>): Promise<void> {
    const events: WireEvent[] = entries.flatMap((e) => [...e.events]);
    const commands = events.flatMap((e) => (e.type === 'command-outcome' ? [e.outcome.command] : [e.type]));
    this.commits.push({ commands, state: state.detection });
    return new Promise((resolve) => this.#release.push(resolve));
  }

  async release(): Promise<void> {
    this.#release.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function evaluation() {
  const clock = new ManualClock(1000);
  const detector = new CountingDetector();
  const log = new SlowLog();
  const stage = new Evaluation({ detector, log, clock, logger: silentLogger, onFailure: () => {} });
  const sample = (value: number): Sample => {
    return { equipment: 'a', point: 'power', time: 1, gatewayTime: 1, value, quality: 'good' };
  };
  return { clock, detector, log, stage, sample };
}

test('the first event is committed at once, those of a burst together, each step with its state', async () => {
  const { log, stage, sample } = evaluation();
  for (const value of [1, 2, 3]) stage.samples([sample(value)]);
  expect(log.commits).toEqual([{ commands: ['1'], state: 1 }]);
  await log.release();
  expect(log.commits.slice(1)).toEqual([{ commands: ['2', '3'], state: 3 }]);
});

test('time passes once a second, and the state is kept once a minute although nothing happens', async () => {
  const { clock, detector, log, stage } = evaluation();
  stage.start();
  await clock.advance(60_000);
  expect(detector.ticks.length).toBe(60);
  expect(detector.ticks.slice(0, 2)).toEqual([2000, 3000]);
  expect(log.commits).toEqual([{ commands: [], state: 0 }]);
});

test('after a standstill silences count anew, before anything that came meanwhile is judged', async () => {
  const { clock, detector, stage, sample } = evaluation();
  stage.start();
  await clock.advance(5000);
  expect(detector.resumed).toEqual([]);
  clock.stand(85_000);
  stage.samples([sample(1)]);
  expect(detector.resumed).toEqual([91_000]);
  await clock.advance(5000);
  expect(detector.resumed).toHaveLength(1);
});

test('a panel’s own report is logged as it is, and stopping keeps everything', async () => {
  const { log, stage, sample } = evaluation();
  stage.event({
    id: 'e1',
    equipment: 'panel',
    time: 1,
    gatewayTime: 1,
    category: 'fire',
    address: 'loop 1 device 2',
    zone: '1',
    message: '',
  });
  stage.samples([sample(4)]);
  const stopped = stage.stop();
  for (let i = 0; i < 3; i++) await log.release();
  await stopped;
  expect(log.commits.map((c) => c.commands)).toEqual([['device-event'], ['4'], []]);
  expect(log.commits.at(-1)?.state).toBe(1);
});
