import { intervalLength } from '@plantroom/model';
import type { IntervalView } from '@plantroom/model/api';
import { useWidth } from '../components/use-width.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { usePlace } from '../layout/site-context.ts';
import { toPower } from '../util/day-energy.ts';
import { formatNumber } from '../util/numbers.ts';
import { niceSteps } from '../util/scale.ts';
import { formatClock, hour } from '../util/time.ts';

interface DayBarsProps {
  readonly items: readonly IntervalView[];
  /** Bounds of the local day; 23 to 25 hours apart. */
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly label: string;
}

const height = 190;
const left = 34;
const base = height - 22;

interface Frame {
  readonly width: number;
  readonly x: (time: number) => number;
  readonly y: (kW: number) => number;
}

/** A day in 15-minute bars of average kW before the expected band; what sticks out is warm, holes are marked as holes. */
export function DayBars({ items, from, to, now, label }: DayBarsProps) {
  const { t, language } = useTexts();
  const [ref, width] = useWidth<SVGSVGElement>(800);
  const highest = Math.max(1, ...items.map((item) => toPower(Math.max(item.kWh ?? 0, item.expected?.high ?? 0))));
  const steps = niceSteps(highest * 1.06, 3);
  const top = Math.max(highest * 1.12, steps.at(-1) ?? 1);
  const frame: Frame = {
    width,
    x: (time) => left + ((time - from) / (to - from)) * (width - left - 6),
    y: (kW) => base - (kW / top) * (base - 8),
  };
  return (
    <svg
      ref={ref}
      className="day-bars"
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {steps.map((kW) => (
        <g key={kW}>
          <path d={`M${left} ${frame.y(kW)}H${width}`} className="grid-line" />
          <text x={left - 6} y={frame.y(kW) + 4} textAnchor="end" className="axis">
            {formatNumber(kW, language, kW < 1 && kW > 0 ? 1 : 0)}
          </text>
        </g>
      ))}
      <text x={left - 6} y={12} textAnchor="end" className="axis">
        kW
      </text>
      <Band items={items} frame={frame} />
      {items.map((item) => item.start < now && <Bar key={item.start} item={item} frame={frame} />)}
      <Holes items={items} from={from} now={now} frame={frame} label={t('energyToday.noData')} />
      <Hours from={from} to={to} now={now} frame={frame} />
    </svg>
  );
}

/** The expected band, broken where nothing is expected. */
function Band({ items, frame }: { items: readonly IntervalView[]; frame: Frame }) {
  const runs: IntervalView[][] = [];
  for (const item of [...items].sort((a, b) => a.start - b.start)) {
    if (item.expected === null) continue;
    const run = runs.at(-1);
    const previous = run?.at(-1);
    if (run && previous && item.start - previous.start <= intervalLength) run.push(item);
    else runs.push([item]);
  }
  return runs.map((run) => {
    const middle = (item: IntervalView) => frame.x(item.start + intervalLength / 2);
    const upper = run.map((item) => `${middle(item)} ${frame.y(toPower(item.expected?.high ?? 0))}`);
    const lower = run.map((item) => `${middle(item)} ${frame.y(Math.max(0, toPower(item.expected?.low ?? 0)))}`);
    return <path key={run[0]?.start} d={`M${[...upper, ...lower.reverse()].join('L')}Z`} className="band" />;
  });
}

function Bar({ item, frame }: { item: IntervalView; frame: Frame }) {
  if (item.kWh === null) return null;
  const kW = toPower(item.kWh);
  const limit = item.expected ? toPower(item.expected.high) : Number.POSITIVE_INFINITY;
  const x = frame.x(item.start) + 1;
  const slot = frame.x(item.start + intervalLength) - frame.x(item.start);
  const barWidth = Math.max(1, slot - Math.min(2.2, slot * 0.26));
  const within = Math.max(0, Math.min(kW, limit));
  return (
    <>
      <rect
        x={x}
        y={frame.y(within)}
        width={barWidth}
        height={base - frame.y(within)}
        className={item.status === 'estimated' ? 'bar bar-estimated' : 'bar'}
      />
      {kW > limit && (
        <rect x={x} y={frame.y(kW)} width={barWidth} height={frame.y(limit) - frame.y(kW)} className="bar-over" />
      )}
    </>
  );
}

interface HolesProps {
  readonly items: readonly IntervalView[];
  readonly from: number;
  readonly now: number;
  readonly frame: Frame;
  readonly label: string;
}

/** Quarter hours that are over and have no figure, in runs; the newest may still be on its way. */
export function holesOf(items: readonly IntervalView[], from: number, now: number): [number, number][] {
  const known = new Set(items.filter((item) => item.kWh !== null).map((item) => item.start));
  const holes: [number, number][] = [];
  for (let start = from; start + 2 * intervalLength <= now; start += intervalLength) {
    if (known.has(start)) continue;
    const last = holes.at(-1);
    if (last && last[1] === start) last[1] = start + intervalLength;
    else holes.push([start, start + intervalLength]);
  }
  return holes;
}

/** Over the bars beside a hole, which is narrower than its label. */
function labelHeight(items: readonly IntervalView[], start: number, end: number, frame: Frame): number {
  const near = items.filter((item) => item.start > start - 5 * intervalLength && item.start < end + 4 * intervalLength);
  const highest = Math.max(0, ...near.map((item) => toPower(Math.max(item.kWh ?? 0, item.expected?.high ?? 0))));
  return Math.max(24, frame.y(highest) - 6);
}

function Holes({ items, from, now, frame, label }: HolesProps) {
  return holesOf(items, from, now).map(([start, end]) => (
    <g key={start}>
      <path d={`M${frame.x(start)} ${base - 3}H${frame.x(end) - 2}`} className="hole" />
      <text
        x={(frame.x(start) + frame.x(end)) / 2}
        y={labelHeight(items, start, end, frame)}
        textAnchor="middle"
        className="axis small"
      >
        {label}
      </text>
    </g>
  ));
}

function Hours({ from, to, now, frame }: { from: number; to: number; now: number; frame: Frame }) {
  const place = usePlace();
  const isToday = now > from && now < to;
  const { width } = frame;
  const x = frame.x(now);
  // On a narrow screen every second mark is enough.
  const every = width < 480 ? 6 : 3;
  const marks = Array.from({ length: 24 / every + 1 }, (_, index) => from + index * every * hour).filter(
    (time) => time <= to,
  );
  return (
    <>
      {marks.map((time, index) => (
        <text key={time} x={frame.x(time)} y={height - 5} textAnchor="middle" className="axis">
          {index === 24 / every ? '24' : formatClock(time, place).slice(0, 2)}
        </text>
      ))}
      {isToday && (
        <>
          <path d={`M${x} 4V${base}`} className="now-line" />
          <text
            x={x > width - 60 ? x - 5 : x + 5}
            y={14}
            textAnchor={x > width - 60 ? 'end' : 'start'}
            className="axis"
          >
            {formatClock(now, place)}
          </text>
        </>
      )}
    </>
  );
}
