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

/** What the figures are counted in; docs/faults.md says it at length. */
const meanings: Readonly<Record<string, string>> = {
  produced: 'values that the devices told',
  stored: 'values that the cloud holds each by itself',
  summed: 'samples that only sums of thinned ones hold',
  lost: 'values neither stored nor summed, beyond what the books give up',
  duplicated: 'values',
  misattributed: 'values',
  ticketsDoubled: 'alarms, orders and numbers that are there twice',
  unexplained: 'numbers of the log that are missing in the ledger without a reason',
  alarmsAstray: 'alarms open on one side only',
  missingTransitions: 'versions of alarms',
  idle: 'rounds in which nothing was told',
  booksOff: 'rounds in which the books do not balance',
  buffered: 'samples of the books that wait in the log at the end',
  quarantined: 'samples of the books',
  thinned: 'samples of the books',
  dropped: 'samples of the books',
  corrupt: 'samples of the books',
  longestRecovery: 'ms from the end of the faults until the log was empty',
  highestDrainRate: 'samples/s that the cloud took meanwhile',
};

const { values } = parseArgs({ options });
/** Ends with a word about what may be written. */
function oneOf<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  console.error(`There is no ${option} ${given}; there are: ${known.join(', ')}.`);
  process.exit(2);
}

/** A whole number from `least`; else it ends with a word about what may be written. */
function wholeNumber(option: string, given: string, least: number): number {
  const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least) return number;
  console.error(`${option} ${given}: write a whole number from ${least} to 999999999.`);
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
  ...{ seed: wholeNumber('--seed', values.seed, 0), rounds: wholeNumber('--rounds', values.rounds, 1), only },
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
  for (const [name, value] of Object.entries(total))
    console.log(`  ${name.padEnd(18)} ${String(value).padStart(8)}  ${meanings[name] ?? ''}`.trimEnd());
}
process.exit(holds ? 0 : 1);
