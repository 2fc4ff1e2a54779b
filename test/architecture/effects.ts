import { basename } from 'node:path';
import { importsOf } from './imports.ts';
import { blank, isTest, packageOf, type SourceFile, type Violations } from './source-text.ts';

/** A library with an effect and the only files that may load it. Types may go anywhere. */
interface Address {
  readonly library: RegExp;
  readonly home: (path: string) => boolean;
  readonly said: string;
}

const addresses: readonly Address[] = [
  { library: /^node:sqlite$/, home: (p) => basename(p).includes('sqlite'), said: '*sqlite*.ts' },
  { library: /^@duckdb\//, home: (p) => basename(p).includes('duckdb'), said: '*duckdb*.ts' },
  { library: /^pg$/, home: (p) => basename(p).includes('postgres'), said: '*postgres*.ts' },
  { library: /^influx$|^@influxdata\//, home: (p) => /time-series\/influx/.test(p), said: 'time-series/influx*.ts' },
  {
    library: /^(?:modbus-serial|node-opcua)$/,
    home: (p) => packageOf(p) !== 'drivers' || basename(p).includes('client'),
    said: '*client*.ts of its driver',
  },
  {
    library: /^(?:mqtt|aedes)$/,
    home: (p) => packageOf(p) !== 'cloud' || p.includes('/ingest/'),
    said: 'the cloud in ingest/',
  },
];

/** Calls that make code depend on when and where it runs. */
const ambient = [
  { call: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/, said: 'reads the time' },
  { call: /\bset(?:Timeout|Interval)\s*\(/, said: 'starts a timer' },
  { call: /\bMath\.random\b/, said: 'draws a random number' },
];
const timers = /^node:timers(?:\/promises)?$/;

export function checkEffects(files: readonly SourceFile[]): Violations {
  return files
    .filter((f) => !isTest(f.path))
    .flatMap((f) => [...checkLibraries(f), ...checkAmbient(f), ...checkEnv(f)]);
}

function checkLibraries(file: SourceFile): Violations {
  return importsOf(file).flatMap(({ specifier, typeOnly }) =>
    addresses
      .filter((a) => !typeOnly && a.library.test(specifier) && !a.home(file.path))
      .map((a) => `${file.path}: loads ${specifier}, whose address is ${a.said}`),
  );
}

function checkAmbient(file: SourceFile): Violations {
  if (['base', 'web'].includes(packageOf(file.path))) return [];
  const code = blank(file.text);
  const found = ambient.filter(({ call }) => call.test(code)).map(({ said }) => said);
  if (importsOf(file).some((i) => timers.test(i.specifier))) found.push('starts a timer');
  return found.map((said) => `${file.path}: ${said}; take the clock or the random source of @plantroom/base`);
}

function checkEnv(file: SourceFile): Violations {
  const allowed = ['cli', 'scripts'].includes(packageOf(file.path)) || /\/config(?:\/|[^/]*\.ts$)/.test(file.path);
  if (allowed || !/\bprocess\.env\b/.test(blank(file.text))) return [];
  return [`${file.path}: reads process.env; only config files do`];
}
