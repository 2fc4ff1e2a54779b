// npm run faults -- [--seed N] [--rounds K] [--json]: the whole line through random faults, against an oracle.
import { parseArgs } from 'node:util';
import { runRounds } from './harness/rounds.ts';

const options = {
  json: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  rounds: { type: 'string', default: '10' },
} as const;

const { values } = parseArgs({ options });
const say = (line: string) => process.stderr.write(`${line}\n`);
const { seed, rounds, total, holds } = await runRounds(Number(values.seed), Number(values.rounds), say);
if (values.json) console.log(JSON.stringify({ seed, rounds: rounds.length, holds, ...total, each: rounds }));
else {
  console.log(
    `seed ${seed}, ${rounds.length} rounds: ${holds ? 'nothing lost, doubled or misattributed' : 'VIOLATED'}`,
  );
  for (const [name, value] of Object.entries(total)) console.log(`  ${name.padEnd(16)} ${value}`);
}
process.exit(holds ? 0 : 1);
