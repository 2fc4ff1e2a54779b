import { intervalLength } from '@plantroom/model';
import type { IntervalView } from '@plantroom/model/api';
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

const width = 800;
const height = 190;
const left = 34;
const base = height - 22;

interface Frame {
  readonly x: (time: number) => number;
  readonly y: (kW: number) => number;
}

/** A day in 15-minute bars of average kW before the expected band; what sticks out is warm, holes are marked as holes. */
export function DayBars({ items, from, to, now, label }: DayBarsProps) {
  const { t, language } = useTexts();
  const highest = Math.max(1, ...items.map((item) => toPower(Math.max(item.kWh ?? 0, item.expected?.high ?? 0))));
  const steps = niceSteps(highest * 1.06, 3);
  const top = Math.max(highest * 1.12, steps.at(-1) ?? 1);
  const frame: Frame = {
    x: (time) => left + ((time - from) / (to - from)) * (width - left - 6),
    y: (kW) => base - (kW / top) * (base - 8),
  };
  return (
    <svg className="day-bars" viewBox={`0 0 ${width} ${height}`} width="100%" role="img" aria-label={label}>
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
  const barWidth = Math.max(1, frame.x(item.start + intervalLength) - frame.x(item.start) - 2.2);
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

function Holes({ items, from, now, frame, label }: HolesProps) {
  return holesOf(items, from, now).map(([start, end]) => (
    <g key={start}>
      <path d={`M${frame.x(start)} ${base - 3}H${frame.x(end) - 2}`} className="hole" />
      <text x={(frame.x(start) + frame.x(end)) / 2} y={base - 8} textAnchor="middle" className="axis small">
        {label}
      </text>
    </g>
  ));
}

function Hours({ from, to, now, frame }: { from: number; to: number; now: number; frame: Frame }) {
  const place = usePlace();
  const isToday = now > from && now < to;
  const x = frame.x(now);
  const marks = Array.from({ length: 9 }, (_, index) => from + index * 3 * hour).filter((time) => time <= to);
  return (
    <>
      {marks.map((time, index) => (
        <text key={time} x={frame.x(time)} y={height - 5} textAnchor="middle" className="axis">
          {index === 8 ? '24' : formatClock(time, place).slice(0, 2)}
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
