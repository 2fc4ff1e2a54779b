import { openDuckdbStore } from '../duckdb-store.ts';
import { frameOfSequence } from './crash-frames.ts';

// Writes frames until it is killed, telling after each commit which one is durable. Run by the crash test alone.
const [directory = '', from = '1'] = process.argv.slice(2);
const store = await openDuckdbStore(directory);
for (let sequence = Number(from); ; sequence++) {
  await store.write([frameOfSequence(sequence)]);
  process.stdout.write(`${sequence}\n`);
}
