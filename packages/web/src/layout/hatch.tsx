/** The hatching that marks what is too old to be believed; pictures fill with `url(#hatch)`. */
export function Hatch() {
  return (
    <svg width={0} height={0} className="hatch-source" aria-hidden="true">
      <defs>
        <pattern id="hatch" width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V6" stroke="var(--control-line)" strokeWidth={1.4} />
        </pattern>
      </defs>
    </svg>
  );
}
