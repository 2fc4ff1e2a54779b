import { seededRandom } from '@plantroom/base';
import { Dropouts } from './detection/dropouts.ts';
import { report } from './detection/figures.ts';
import { LivingSite } from './detection/living-site.ts';
import { type Planned, schedule } from './detection/schedule.ts';
import { Score } from './detection/score.ts';
import type { Bench } from './figure.ts';

/** A Monday in Shanghai, from which the seed counts the days to the beginning of the run. */
const monday = Date.parse('2026-01-05T00:00:00+08:00');
const day = 86_400;
/** A person acknowledges an alarm after this long, ms. */
const patience = 300_000;

/** A run: the building lives second by second, faults come and go as planned, a person acknowledges. */
function live(seed: number, days: number): { score: Score; site: LivingSite } {
  const site = new LivingSite(seed, monday + ((seed * 37) % 364) * day * 1000);
  const score = new Score();
  const dropouts = new Dropouts(seededRandom(seed + 1));
  const waiting = schedule(days, seededRandom(seed));
  const running: Running[] = [];
  for (let second = 0; second < days * day; second += 1) {
    for (let next = waiting[0]; next && next.start <= second; next = waiting[0]) {
      waiting.shift();
      score.begin(next, site.now);
      dropouts.spare(site.building, next.target);
      running.push({ planned: next, ids: [] });
    }
    for (const one of running) steer(site, one, second);
    const ended = running.findIndex(({ planned }) => planned.end <= second);
    if (ended >= 0) running.splice(ended, 1);
    dropouts.second(site.building, site.now);
    const { at, results } = site.second();
    score.look(site.building, at);
    for (const { journal, alarms } of results)
      for (const [index, entry] of journal.entries()) score.hear(entry, alarms[index], at);
    if (second % 60 === 0) tend(site);
  }
  return { score, site };
}

interface Running {
  readonly planned: Planned;
  /** Of what is injected at the moment. */
  ids: readonly string[];
}

/** Lets a planned fault begin, end, and come again. */
function steer({ building: { faults }, now }: LivingSite, one: Running, second: number): void {
  const { scenario, target, start, end } = one.planned;
  const { inject, hold, pulses = 1 } = scenario;
  const isOn = second < end && Math.floor(((second - start) * (2 * pulses - 1)) / hold) % 2 === 0;
  if (isOn === one.ids.length > 0) return;
  for (const id of one.ids) faults.remove(id);
  one.ids = isOn ? inject.map(({ fault, parameters = {} }) => faults.add(fault, target, parameters, now).id) : [];
}

/** What a person does: acknowledges what has been shown for a while, and resets what is latched and over. */
function tend(site: LivingSite): void {
  for (const { id, facts, raisedAt } of site.open) {
    if (!facts.acknowledged && !facts.suppressed && site.now - raisedAt >= patience) site.command(id, 'acknowledge');
    if (facts.latched && !facts.active && facts.acknowledged) site.command(id, 'reset');
  }
}

/** `--seed` decides weather, traffic, date and faults; `--days` is how long the building lives. */
export const bench: Bench = {
  about: 'faults injected into the simulated building, and what detection makes of its registers, nodes and messages',
  run({ seed = '1', days = '2' }) {
    const { score, site } = live(Number(seed), Number(days));
    return Promise.resolve(report(score, site, Number(days)));
  },
};
