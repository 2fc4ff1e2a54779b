import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnivariateDetector } from '@plantroom/detection';
import { atLeast, type Bench, type Figure, orientation } from './figure.ts';
import { nabScore, profiles, type ScoredSeries } from './nab-score.ts';

/** The score that the product calls an anomaly. */
const fixed = 0.5;

interface Series extends ScoredSeries {
  readonly folder: string;
}

/** The benchmark's times have no zone; what matters is their order and the time of day. */
function timeOf(text: string): number {
  return Date.parse(`${text.trim().replace(' ', 'T')}Z`);
}

/** One pass over a file of the benchmark, row by row. */
function judge(folder: string, text: string, labelled: readonly (readonly [string, string])[]): Series {
  const rows = text.trim().split(/\r?\n/).slice(1);
  const times = rows.map((row) => timeOf(row.slice(0, row.indexOf(','))));
  const detector = new UnivariateDetector();
  const scores = rows.map((row, at) => detector.observe(times[at] ?? 0, Number(row.slice(row.indexOf(',') + 1))).score);
  const windows = labelled.map(([from, to]) => ({
    first: times.findIndex((time) => time >= timeOf(from)),
    last: times.findLastIndex((time) => time <= timeOf(to)),
  }));
  return { folder, scores, windows };
}

function readCorpus(directory: string): Series[] {
  const labels = join(directory, 'windows.json');
  if (!existsSync(labels)) {
    throw new Error(
      `There is no ${labels}. Say where the benchmark lies: --data DIR, with DIR/windows.json and DIR/series/FOLDER/FILE.csv.`,
    );
  }
  const windows = JSON.parse(readFileSync(labels, 'utf8')) as Record<string, [string, string][]>;
  const root = join(directory, 'series');
  const files = globSync('**/*.csv', { cwd: root }).map((file) => file.replaceAll('\\', '/'));
  return files
    .filter((file) => windows[file] !== undefined)
    .sort()
    .map((file) => judge(file.split('/')[0] ?? '', readFileSync(join(root, file), 'utf8'), windows[file] ?? []));
}

/** The standard score of each folder at a threshold that only the other folders have chosen. */
function leaveOneOut(corpus: readonly Series[]): Figure[] {
  return [...Map.groupBy(corpus, (series) => series.folder)]
    .filter(([, own]) => own.some((series) => series.windows.length > 0))
    .map(([folder, own]) => {
      const others = corpus.filter((series) => series.folder !== folder);
      const { threshold } = nabScore(others, profiles.standard);
      const { score } = nabScore(own, profiles.standard, threshold);
      return orientation(`standard on ${folder}, threshold chosen on the other folders`, score, '');
    });
}

const floors = { standard: 60, 'low FP': 62, 'low FN': null } as const;

/** `--data DIR` holds windows.json and series/FOLDER/FILE.csv; series that are in one of them only are left out. */
export const bench: Bench = {
  about: 'the detector that learns, scored by the rules of the Numenta Anomaly Benchmark',
  async run({ data }) {
    if (!data) throw new Error('Say where the benchmark lies: npm run bench -- nab --data DIR.');
    const corpus = readCorpus(data);
    const windows = corpus.reduce((sum, series) => sum + series.windows.length, 0);
    const figures: Figure[] = [orientation('series', corpus.length, ''), orientation('windows', windows, '')];
    for (const [name, profile] of Object.entries(profiles)) {
      const { score, threshold } = nabScore(corpus, profile);
      const floor = floors[name as keyof typeof floors];
      const what = `${name}, threshold tuned on the corpus as the protocol has it`;
      figures.push(floor === null ? orientation(what, score, '') : atLeast(what, score, '', floor));
      figures.push(orientation(`${name}, that threshold`, threshold, ''));
      figures.push(orientation(`${name}, fixed threshold ${fixed}`, nabScore(corpus, profile, fixed).score, ''));
    }
    return [...figures, ...leaveOneOut(corpus)];
  },
};
