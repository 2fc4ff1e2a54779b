interface TankProps {
  /** Percent full; undefined while it is not known. */
  readonly level: number | undefined;
  readonly width?: number;
  readonly height?: number;
}

/** A vessel filled to its level. */
export function Tank({ level, width = 44, height = 76 }: TankProps) {
  const share = level === undefined ? 0 : Math.min(1, Math.max(0, level / 100));
  const inner = height - 4;
  return (
    <svg className="tank" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <rect x={1} y={1} width={width - 2} height={height - 2} rx={4} className="tank-wall" />
      {level === undefined ? (
        <rect x={2} y={2} width={width - 4} height={inner} rx={3} className="hatched" />
      ) : (
        <g className="water" style={{ transform: `translateY(${2 + (1 - share) * inner}px)` }}>
          <path d={`M2 0H${width - 2}V${share * inner}H2Z`} className="tank-water" />
        </g>
      )}
      {[0.25, 0.5, 0.75].map((mark) => (
        <path key={mark} d={`M${width - 9} ${2 + mark * inner}h7`} className="tank-mark" />
      ))}
    </svg>
  );
}
