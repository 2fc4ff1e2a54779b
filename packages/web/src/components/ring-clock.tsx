import type { WorkOrderView } from '@plantroom/model/api';

type Clock = WorkOrderView['respond'];

const radius = 13;
const circumference = 2 * Math.PI * radius;

/** The share of the allowed time that is gone. Warm only when it is close to the limit or over it. */
export function RingClock({ clock, size = 34 }: { readonly clock: Clock; readonly size?: number }) {
  const share = Math.min(1, Math.max(0, clock.used));
  return (
    <svg className={`ring ring-${clock.state}`} width={size} height={size} viewBox="0 0 34 34" aria-hidden="true">
      <circle cx={17} cy={17} r={radius} className="ring-all" />
      <circle
        cx={17}
        cy={17}
        r={radius}
        className="ring-used"
        strokeDasharray={`${circumference * share} ${circumference}`}
        transform="rotate(-90 17 17)"
      />
      {clock.state === 'breached' && <path d="M17 10v8m0 3.5v.5" className="ring-mark" />}
      {clock.state === 'paused' && <path d="M14.5 13v8m5-8v8" className="ring-mark" />}
    </svg>
  );
}
