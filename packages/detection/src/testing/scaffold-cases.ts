// Writes the cases that a file of faults/cases lacks:
//   node packages/detection/src/testing/scaffold-cases.ts pump
// A fault needs the lines `sound` and `faulty` (and `off`, `edge` where they mean something). The times expected come from the
// delays that the fault declares, never from what the engine does; a fault that tells a trend is written by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import { effectiveParameters } from '../availability.ts';
import { templateOf } from '../engine/subjects.ts';
import type { Fault } from '../faults/define-fault.ts';
import { allFaults } from '../faults/index.ts';
import { caseKinds, casesDirectory, type FaultCases, parseCases } from './case-file.ts';

/** The lines of all ten cases of a fault whose condition is decided by the newest values and its delays. */
function scaffold(fault: Fault, cases: FaultCases): Record<string, string> {
  const { poll, states } = cases;
  const { onDelay: on = 0, offDelay: off = 0 } = effectiveParameters(fault, cases.parameters);
  const round = 7 * poll;
  const up = (second: number) => Math.ceil(second / round) * round;
  const begin = 2 * round;
  const ends = up(begin + on + poll);
  const end = up(ends + off + poll);
  const play = `0 sound, ${begin} faulty, ${ends} sound, ${end} end -> ${begin + on} to ${ends + off}`;
  const short = Math.floor((on - 1) / poll) * poll;
  const half = begin + Math.max(poll, Math.floor(on / 2 / poll) * poll);
  const held = on >= 3 * poll;
  const rest = states.off ? 'off' : 'sound';
  const brief = held
    ? `0 ${rest}, ${begin} faulty, ${begin + short} sound, ${end} end -> none`
    : `0 ${rest}, ${begin} sound, ${end} end -> none`;
  const told = on <= poll ? `${begin + on} to ${begin + poll + off}` : 'none';
  const instant = `0 sound, ${begin} faulty, ${begin + poll} sound, ${end} end -> ${told}`;
  return {
    normal: `0 sound, ${end} end -> none`,
    fault: play,
    gap: held
      ? `0 sound, ${begin} faulty, ${half} gap, ${half + round} faulty, ${up(begin + on + round + poll)} end -> ${begin + on + round}`
      : `0 sound, ${begin} gap, ${begin + round} faulty, ${end} end -> ${begin + round + on}`,
    duplicate: play,
    'out-of-order': play,
    irregular: play,
    off: `0 ${rest}, ${end} end -> none`,
    'start-up': brief,
    threshold: states.edge ? `0 edge, ${end} end -> none` : held ? brief.replace('0 off', '0 sound') : instant,
    missing: `without ${lacking(fault, cases).join(' ')} -> cannot run`,
  };
}

/** The first needed point that the equipment of the cases has; of points of which one is needed, all. */
function lacking(fault: Fault, { states }: FaultCases): string[] {
  const names = Object.keys(states.sound ?? {});
  const { subjects } = fault;
  const needed = subjects.by === 'name' ? fault.points : [subjects.template];
  const found = names.filter((name) => needed.includes(templateOf(name)));
  const [first = ''] = found;
  if (subjects.by !== 'name') return found.filter((name) => templateOf(name) === templateOf(first));
  return first === '' ? names.filter((name) => fault.trigger === 'silence' || fault.oneOf.includes(name)) : [first];
}

function fill(text: string): string {
  const blocks = text.split(/\n(?=\S)/);
  return blocks
    .map((block) => {
      const [cases] = parseCases(block);
      const fault = allFaults.find(({ id }) => id === cases?.fault);
      if (!cases || !fault || !cases.states.sound) return block;
      const lines = Object.entries(scaffold(fault, cases)).filter(([kind]) => !(kind in cases.cases));
      return [block.trimEnd(), ...lines.map(([kind, line]) => `  ${kind}: ${line}`), ''].join('\n');
    })
    .join('\n');
}

const [kind = ''] = process.argv.slice(2);
const file = new URL(`${kind}.txt`, casesDirectory);
writeFileSync(file, fill(readFileSync(file, 'utf8')));
console.info(`${kind}: ${caseKinds.length} cases a fault; review the times before you commit them`);
