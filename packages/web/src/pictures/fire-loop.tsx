import { PriorityMark } from '../components/priority-symbol.tsx';
import { type Device, deviceStates } from '../util/fire.ts';

interface FireLoopProps {
  readonly devices: readonly Device[];
  readonly columns?: number;
  /** Distance between dots. */
  readonly pitch?: number;
}

/** A dot is a device. Each abnormal state has a shape of its own, so that colour is never alone. */
export function FireLoop({ devices, columns = 25, pitch = 13 }: FireLoopProps) {
  const rows = Math.ceil(devices.length / columns);
  const width = columns * pitch;
  const height = rows * (pitch - 1) + 2;
  return (
    <svg className="loop" viewBox={`0 0 ${width} ${height}`} width="100%" aria-hidden="true">
      {devices.map((device, index) => {
        const x = (index % columns) * pitch + pitch / 2;
        const y = Math.floor(index / columns) * (pitch - 1) + pitch / 2;
        return (
          <g key={device.point} transform={`translate(${x},${y})`}>
            <DeviceMark state={device.state} />
          </g>
        );
      })}
    </svg>
  );
}

export function DeviceMark({ state }: { readonly state: number | undefined }) {
  switch (state) {
    case deviceStates.normal:
      return <circle r={3.1} className="dot" />;
    case deviceStates.fire:
      return (
        <g transform="scale(0.72)" className="device-fire">
          <PriorityMark priority={1} x={-9} y={-9} />
        </g>
      );
    case deviceStates.fault:
      return <path d="M0-5 5 4.5H-5Z" className="fill-p2" />;
    case deviceStates.disabled:
      return <path d="M-4-4l8 8m0-8l-8 8" className="cross stroke-p3" />;
    case deviceStates.supervisory:
      return <path d="M-5-4.5H5L0 5Z" className="fill-p3" />;
    case deviceStates.test:
      return <circle r={3.6} className="dot-hollow stroke-p4" />;
    default:
      return <circle r={3.1} className="dot-unknown" />;
  }
}
