// npm run faults -- [--seed N] [--rounds K] [--only NAME,...] [--json]: the whole line through random faults, against an oracle.
import { parseArgs } from 'node:util';
import { faultKinds } from './harness/faults/table.ts';
import { runRounds } from './harness/rounds.ts';

const options = {
  json: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  rounds: { type: 'string', default: '10' },
  only: { type: 'string' },
} as const;

const { values } = parseArgs({ options });
const only = values.only?.split(',') ?? [];
const names = faultKinds.map((k) => k.name);
const unknown = only.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no fault \`${unknown.join(', ')}\`; there are: ${names.join(', ')}.`);
  process.exit(2);
}
const say = (line: string) => process.stderr.write(`${line}\n`);
const { rounds, ...outcome } = await runRounds({
  ...{ seed: Number(values.seed), rounds: Number(values.rounds), only },
  say,
});
const { seed, total, holds } = outcome;
if (values.json) {
  const { total: _, ...rest } = outcome;
  console.log(JSON.stringify({ ...rest, rounds: rounds.length, ...total, each: rounds }));
} else {
  console.log(
    `seed ${seed}, ${rounds.length} rounds: ${holds ? 'nothing lost, doubled or misattributed' : 'VIOLATED'}`,
  );
  for (const [name, value] of Object.entries(total)) console.log(`  ${name.padEnd(16)} ${value}`);
}
process.exit(holds ? 0 : 1);
