import type { GatewayCompleteness, Hole, Statement } from '@plantroom/model/api';
import { useWidth } from '../components/use-width.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { usePlace } from '../layout/site-context.ts';
import { blocksOf, isBad } from '../util/completeness.ts';
import { formatShare } from '../util/numbers.ts';
import { formatClock, hour } from '../util/time.ts';

const height = 112;
const base = height - 20;
/** The least that a hole is drawn with: one point of five hundred must be seen, and one minute of a day. */
const least = { width: 2, height: 4 };

/** The width of the longest cause. */
const roomForWords = 150;

interface DayCoverageProps {
  readonly statement: Statement;
  readonly gateway: GatewayCompleteness;
  readonly holes: readonly Hole[];
}

/** All points of a gateway over a day as one body of data; what is missing is missing from it, from the top down. */
export function DayCoverage({ statement: { from, to, examinedTo }, gateway, holes }: DayCoverageProps) {
  const { t, language } = useTexts();
  const place = usePlace();
  const [ref, width] = useWidth<SVGSVGElement>(1100);
  const x = (time: number) => ((time - from) / (to - from)) * width;
  const y = (share: number) => share * base;
  const label = t('completeness.picture', {
    gateway: gateway.id,
    share: gateway.coverage === null ? '–' : formatShare(gateway.coverage, language, 2),
  });
  const blocks = blocksOf(holes, gateway.points);
  const every = width < 480 ? 6 : 3;
  const marks = Array.from({ length: 24 / every - 1 }, (_, n) => from + (n + 1) * every * hour);
  return (
    <svg
      ref={ref}
      className="day-coverage"
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <rect x={0} y={0} width={x(examinedTo)} height={base} className="known" />
      {examinedTo < to && (
        <rect x={x(examinedTo)} y={0} width={x(to) - x(examinedTo)} height={base} className="not-examined" />
      )}
      {blocks.map((block) => (
        <rect
          key={`${block.from}-${block.above}`}
          x={x(block.from)}
          y={y(block.above)}
          width={Math.max(least.width, x(block.to) - x(block.from))}
          height={Math.max(least.height, y(block.upTo) - y(block.above))}
          className={isBad(block.cause) ? 'missing bad' : 'missing'}
        >
          <title>
            {`${formatClock(block.from, place)}–${formatClock(block.to, place)} ${t(`completeness.cause.${block.cause}`)}`}
          </title>
        </rect>
      ))}
      {blocks.map(
        (block) =>
          x(block.to) - x(block.from) > roomForWords &&
          block.upTo - block.above > 0.5 && (
            <text
              key={block.from}
              x={(x(block.from) + x(block.to)) / 2}
              y={base / 2 + 4}
              textAnchor="middle"
              className="axis"
            >
              {t(`completeness.cause.${block.cause}`)}
            </text>
          ),
      )}
      <path d={`M0 ${base}H${width}`} className="grid-line" />
      {marks.map((time) => (
        <text key={time} x={x(time)} y={height - 4} textAnchor="middle" className="axis">
          {formatClock(time, place)}
        </text>
      ))}
    </svg>
  );
}
