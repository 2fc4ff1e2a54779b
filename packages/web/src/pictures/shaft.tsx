import type { Priority } from '@plantroom/model';
import { PriorityMark } from '../components/priority-symbol.tsx';
import type { LiftNow } from '../util/lift.ts';

interface ShaftProps {
  readonly lift: LiftNow;
  readonly floors: number;
  /** Of the most urgent open alarm; it may have returned to normal. */
  readonly priority: Priority | null;
  /** Something is wrong now: the car is outlined in the priority's colour. */
  readonly isWrong: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly isHollow?: boolean;
}

const carHeight = 14;
const openDoor = 2;

/** Half-opened leaves are drawn as a narrow gap, open ones as a wide one. */
function doorGap(door: number | undefined, width: number): number {
  if (door === openDoor || door === 4) return width * 0.34;
  return door === 1 || door === 3 ? width * 0.16 : 0;
}

/** A shaft with its car where it is; what is abnormal is outlined and marked, what is stale is hatched. */
export function Shaft({ lift, floors, priority, isWrong, width = 36, height = 96, isHollow = false }: ShaftProps) {
  const floor = lift.floor ?? 1;
  const share = Math.min(1, Math.max(0, (floor - 1) / Math.max(1, floors - 1)));
  const y = 1 + (1 - share) * (height - carHeight - 2);
  return (
    <svg
      className="shaft"
      width={width + 18}
      height={height}
      viewBox={`0 0 ${width + 18} ${height}`}
      aria-hidden="true"
    >
      <rect width={width} height={height} rx={3} className="shaft-well" />
      {[1, 2, 3, 4, 5, 6, 7].map((line) => (
        <path key={line} d={`M0 ${(line * height) / 8}h${width}`} className="shaft-line" />
      ))}
      {lift.isSilent && <rect width={width} height={height} rx={3} className="hatched" />}
      {lift.floor !== undefined && (
        <g className="car" style={{ transform: `translateY(${y}px)` }}>
          <Car lift={lift} width={width} priority={isWrong ? priority : null} isHollow={isHollow} />
        </g>
      )}
      {priority !== null && (
        <PriorityMark priority={priority} x={width / 2 - 9} y={y > 24 ? y - 20 : y + carHeight + 3} />
      )}
    </svg>
  );
}

function Car({
  lift,
  width,
  priority,
  isHollow,
}: Pick<ShaftProps, 'lift' | 'priority'> & { width: number; isHollow: boolean }) {
  const inner = width - 6;
  const gap = doorGap(lift.door, inner);
  const leaf = (inner - gap) / 2;
  const heading = lift.direction === 'up' ? 1 : -1;
  const isOutlined = priority !== null || isHollow;
  const outline = priority === null ? 'car-outline' : `car-outline stroke-p${priority}`;
  return (
    <>
      {isOutlined ? (
        <>
          <rect x={3} width={inner} height={carHeight} rx={2} className={outline} />
          {gap > 0 && <path d={`M${3 + leaf} 0v${carHeight}m${gap} 0v${-carHeight}`} className={outline} />}
        </>
      ) : (
        <>
          <rect x={3} width={inner} height={carHeight} rx={2} className={gap > 0 ? 'car-inside' : 'car-fill'} />
          {gap > 0 && (
            <path
              d={`M3 0h${leaf}v${carHeight}H3Zm${leaf + gap} 0h${leaf}v${carHeight}h${-leaf}Z`}
              className="car-fill"
            />
          )}
          {lift.load !== undefined && (
            <rect x={5} y={10} width={(inner - 4) * Math.min(1, lift.load / 100)} height={2} className="car-load" />
          )}
        </>
      )}
      {lift.direction !== undefined && (
        <path d={`M${width + 5} ${7 + heading * 2.5}l4 ${-heading * 5} 4 ${heading * 5}`} className="heading" />
      )}
    </>
  );
}
