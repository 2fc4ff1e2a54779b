import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningDatabase, startInfluxdb, startProcess, temporaryDirectory, until } from '@plantroom/testing';
import { atLeast, type Bench, orientation } from './figure.ts';
import { BenchChild } from './gateway-child.ts';
import type { BareQuestion, IngestAnswer } from './ingest-bare.ts';
import type { GatewaysQuestion } from './ingest-gateways.ts';
import { addressOf, gateways } from './ingest-plant.ts';

const cloudMain = join(import.meta.dirname, '..', '..', 'packages', 'cloud', 'src', 'main.ts');
/** Samples a second for which frames are packed: more than comes through. */
const packedRate = 900_000;

interface Measured extends IngestAnswer {
  /** Samples a second, by what the server holds. */
  readonly rate: number;
}

async function ask(url: string, query: string): Promise<unknown[][]> {
  const response = await fetch(`${url}/query?${new URLSearchParams({ q: query })}`, { method: 'POST' });
  const { results } = (await response.json()) as { results: { series?: { values: unknown[][] }[] }[] };
  return results.flatMap((r) => r.series ?? []).flatMap((s) => s.values);
}

/** Compares what was answered for with the rows at the server, and forgets them. */
async function counted(url: string, database: string, answer: IngestAnswer): Promise<Measured> {
  const [[, rows = 0] = []] = await ask(url, `SELECT count(quality) FROM ${database}.."energy-meter"`);
  if (Number(rows) !== answer.samples)
    throw new Error(`${answer.samples} samples were answered for, ${rows} are there`);
  await ask(url, `DROP DATABASE ${database}`);
  return { ...answer, rate: (answer.samples * 1000) / answer.elapsed };
}

async function bare({ url }: RunningDatabase, seconds: number): Promise<Measured> {
  await ask(url, 'CREATE DATABASE bare');
  const { child } = await BenchChild.start<BareQuestion, IngestAnswer>('ingest-bare.ts');
  using writer = child;
  return counted(url, 'bare', await writer.ask({ url: `${url}/write?db=bare&precision=ms`, seconds }));
}

/** The cloud as a person starts it, in a process of its own, beside gateways in another. */
async function through({ url }: RunningDatabase, size: number, seconds: number): Promise<Measured & { cloud: number }> {
  using folder = temporaryDirectory('plantroom-bench');
  const at = (name: string) => join(folder.path, name);
  writeFileSync(
    at('cloud.yaml'),
    `timeSeries: { store: influx-v1, url: "${url}", database: through, retention: forever }\n`,
  );
  const addresses = Array.from({ length: gateways }, (_, n) => addressOf(n));
  const enrolments = addresses.flatMap(({ site, gateway }) => ['--enrol', `${site}/${gateway}:${at(gateway)}`]);
  const args = [cloudMain, '--data', at('data'), '--config', at('cloud.yaml'), ...enrolments];
  const cloud = startProcess(process.execPath, args);
  try {
    const port = await until('the cloud is ready', () => /"mqttPort":(\d+)/.exec(cloud.stdout())?.[1], {
      timeout: 30_000,
    });
    const { child } = await BenchChild.start<GatewaysQuestion, IngestAnswer>('ingest-gateways.ts');
    using senders = child;
    const secrets = addresses.map(({ gateway }) => readFileSync(at(gateway), 'utf8').trim());
    const frames = Math.ceil((packedRate * seconds) / size / gateways);
    const before = cpuOf(cloud.pid);
    const answer = await senders.ask({ port: Number(port), secrets, size, frames, seconds });
    const cpu = ((cpuOf(cloud.pid) - before) * 1e6) / answer.samples;
    await cloud.stop();
    return { ...(await counted(url, 'through', answer)), cloud: cpu };
  } finally {
    await cloud.stop('SIGKILL');
  }
}

/** Seconds of CPU that a process has taken since its start (proc(5): utime and stime, in hundredths). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const targets: readonly (readonly [size: number, ratio: number])[] = [
  [1000, 0.65],
  [5000, 0.8],
];

/** `--seconds` is how long each part is measured. */
export const bench: Bench = {
  about:
    'MQTT frame to committed in a real InfluxDB 1.6 and acknowledged, 2,000 series of 8 gateways, rows counted at the server; ' +
    'beside a writer that only builds and sends the same lines, 5,000 at a time on two connections',
  async run({ seconds = '12' }) {
    const server = await startInfluxdb();
    try {
      let before = await bare(server, Number(seconds));
      const figures = [orientation('bare writer, CPU a sample', before.cpu, 'µs')];
      for (const [size, target] of targets) {
        const { rate, cloud, cpu } = await through(server, size, Number(seconds));
        const after = await bare(server, Number(seconds));
        const floor = (before.rate + after.rate) / 2;
        before = after;
        const named = (what: string) => `${size} samples a frame: ${what}`;
        figures.push(
          atLeast(named('ratio to the bare writer'), rate / floor, 'x', target),
          orientation(named('committed and acknowledged'), rate, 'samples/s'),
          orientation(named('bare writer, mean of before and after'), floor, 'samples/s'),
          orientation(named('CPU a sample, cloud'), cloud, 'µs'),
          orientation(named('CPU a sample, gateways'), cpu, 'µs'),
        );
      }
      return figures;
    } finally {
      await server.stop();
    }
  },
};
