// A writer that does nothing but build lines and send them, on two connections that always find the next lines ready.
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { systemClock } from '@plantroom/base';
import { bareLines, gateways } from './ingest-plant.ts';

export interface BareQuestion {
  readonly url: string;
  readonly seconds: number;
}

export interface IngestAnswer {
  /** ms from the first sample to the last answer. */
  readonly elapsed: number;
  readonly samples: number;
  /** µs of this process for each sample. */
  readonly cpu: number;
}

const connections = 2;
const builders = 4;
const agent = new Agent({ keepAlive: true, maxSockets: connections });

async function post(url: string, lines: string): Promise<void> {
  const sending = request(url, { method: 'POST', agent });
  sending.end(lines);
  const [response] = await once(sending, 'response');
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 204) throw new Error(`InfluxDB answered ${response.statusCode}`);
}

async function write({ url, seconds }: BareQuestion): Promise<IngestAnswer> {
  const [began, cpu] = [systemClock.monotonic(), process.cpuUsage()];
  let batches = 0;
  const work = async () => {
    while (systemClock.monotonic() - began < seconds * 1000) {
      const next = batches++;
      await post(url, bareLines(next % gateways, Math.floor(next / gateways)));
    }
  };
  await Promise.all(Array.from({ length: builders }, work));
  const { user, system } = process.cpuUsage(cpu);
  const samples = batches * 5000;
  return { elapsed: systemClock.monotonic() - began, samples, cpu: (user + system) / samples };
}

process.once('disconnect', () => process.exit(0));
process.on('message', (question: BareQuestion) => void write(question).then((answer) => process.send?.(answer)));
process.send?.({});
