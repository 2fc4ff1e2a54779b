interface KeyFigureProps {
  readonly value: string;
  readonly unit?: string;
  /** What it should be, or what it is. */
  readonly note: string;
  readonly tone?: string;
}

/** A number that leads, its small unit, and beside it what it should be. */
export function KeyFigure({ value, unit, note, tone = '' }: KeyFigureProps) {
  return (
    <div>
      <div className={`big ${tone}`}>
        {value}
        {unit && <small> {unit}</small>}
      </div>
      <div className="sub">{note}</div>
    </div>
  );
}
