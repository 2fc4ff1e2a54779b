// npm run faults -- [--seed N] [--rounds K] [--store influx-v1] [--records postgres] [--broker mosquitto] [--only NAME,...] [--json]: the whole line
// through random faults, against an oracle.
import { parseArgs } from 'node:util';
import { faultKinds } from './harness/faults/table.ts';
import { runRounds } from './harness/rounds.ts';

const options = {
  json: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  rounds: { type: 'string', default: '10' },
  only: { type: 'string' },
  store: { type: 'string' },
  records: { type: 'string' },
  broker: { type: 'string', default: 'embedded' },
} as const;

const { values } = parseArgs({ options });
/** Ends with a word about what may be written. */
function oneOf<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  console.error(`There is no ${option} ${given}; there are: ${known.join(', ')}.`);
  process.exit(2);
}

const only = values.only?.split(',') ?? [];
const names = faultKinds.map((k) => k.name);
for (const name of only) oneOf('fault', name, names);
// A run that is ended leaves no file system behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const broker = oneOf('--broker', values.broker, ['embedded', 'mosquitto']);
// Several processes need stores that they can share.
const isShared = broker === 'mosquitto';
const say = (line: string) => process.stderr.write(`${line}\n`);
const { rounds, ...outcome } = await runRounds({
  ...{ seed: Number(values.seed), rounds: Number(values.rounds), only },
  stores: {
    store: oneOf('--store', values.store ?? (isShared ? 'influx-v1' : 'duckdb'), ['duckdb', 'influx-v1']),
    records: oneOf('--records', values.records ?? (isShared ? 'postgres' : 'sqlite'), ['sqlite', 'postgres']),
    broker,
  },
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
