/** Filled runs, hollow stands by, hatched is not known. */
export function PumpDisc({
  isRunning,
  size = 23,
}: {
  readonly isRunning: boolean | undefined;
  readonly size?: number;
}) {
  const state = isRunning === undefined ? 'unknown' : isRunning ? 'runs' : 'stands';
  return (
    <svg className={`disc disc-${state}`} width={size} height={size} viewBox="0 0 23 23" aria-hidden="true">
      <circle cx={11.5} cy={11.5} r={9.5} className="disc-ring" />
      {isRunning === undefined && <circle cx={11.5} cy={11.5} r={9.5} className="hatched" />}
      <path d="M8.5 7l7 4.5-7 4.5z" className="disc-mark" />
    </svg>
  );
}
