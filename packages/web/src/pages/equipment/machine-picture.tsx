import { pointKey } from '@plantroom/model';
import type { EquipmentView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import type { LatestState } from '../../api/latest-state.ts';
import { openAlarmsQuery } from '../../api/queries.ts';
import { useLatestState } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { PumpDisc } from '../../pictures/pump-disc.tsx';
import { Shaft } from '../../pictures/shaft.tsx';
import { Tank } from '../../pictures/tank.tsx';
import { wrongNow } from '../../util/alarms.ts';
import { believed } from '../../util/freshness.ts';
import { inKindOrder } from '../../util/kinds.ts';
import { liftNow, topFloor } from '../../util/lift.ts';
import { DutyPicture } from './duty-picture.tsx';
import { Figures } from './figures.tsx';
import { MeterPicture } from './meter-picture.tsx';
import { PanelPicture } from './panel-picture.tsx';

interface PictureProps {
  readonly machine: EquipmentView;
}

/** The kind's picture with its values where they belong. */
export function MachinePicture({ machine }: PictureProps) {
  switch (machine.kind) {
    case 'elevator':
      return <LiftPicture machine={machine} />;
    case 'pump':
      return <PumpPicture machine={machine} />;
    case 'fire-panel':
      return <PanelPicture machine={machine} />;
    case 'energy-meter':
      return <MeterPicture machine={machine} />;
    case 'environment-sensor':
      return <Figures machine={machine} points={inKindOrder(machine.kind, machine.points)} />;
    case 'water-tank':
      return <TankPicture machine={machine} />;
  }
}

const liftPoints = [
  'floor',
  'mode',
  'door',
  'direction',
  'load',
  'speed',
  'safetyChain',
  'faultCode',
  'trips',
] as const;

/** Where all lifts are: together they tell how high the building is. */
function floorsNow(latest: LatestState): (number | undefined)[] {
  return Object.values(latest).flatMap(({ point, value }) => (point === 'floor' && value !== null ? [value] : []));
}

function LiftPicture({ machine }: PictureProps) {
  const latest = useLatestState();
  const now = useNow();
  const { data: alarms = [] } = useQuery(openAlarmsQuery(machine.site));
  const lift = liftNow((name) => latest[pointKey(machine.id, name)], now);
  const isHollow = lift.mode !== undefined && lift.mode > 1;
  return (
    <div className="picture-row">
      <Shaft
        lift={lift}
        floors={topFloor(machine, floorsNow(latest))}
        priority={machine.priority}
        isWrong={wrongNow(alarms, machine.id) !== null}
        width={72}
        height={260}
        isHollow={isHollow}
      />
      <Figures
        machine={machine}
        points={[...liftPoints, 'driveTemperature', 'machineRoomTemperature', 'alarmButton']}
      />
    </div>
  );
}

const pumpPoints = ['flow', 'head', 'dischargePressure', 'speed', 'power', 'vibration', 'bearingTemperature'] as const;

function PumpPicture({ machine }: PictureProps) {
  const latest = useLatestState();
  const now = useNow();
  const running = believed(latest[pointKey(machine.id, 'running')], now);
  const hasCurve = machine.points.includes('flow') && machine.points.includes('head');
  return (
    <div className="picture-row">
      {hasCurve ? (
        <DutyPicture machine={machine} />
      ) : (
        <PumpDisc isRunning={running === undefined ? undefined : running !== 0} size={110} />
      )}
      <Figures machine={machine} points={['running', 'mode', ...pumpPoints, 'currentL1', 'starts', 'runHours']} />
    </div>
  );
}

function TankPicture({ machine }: PictureProps) {
  const latest = useLatestState();
  const level = believed(latest[pointKey(machine.id, 'level')], useNow());
  return (
    <div className="picture-row">
      <Tank level={level} width={110} height={190} />
      <Figures machine={machine} points={['level', 'depth', 'highLevel', 'lowLevel', 'temperature']} />
    </div>
  );
}
