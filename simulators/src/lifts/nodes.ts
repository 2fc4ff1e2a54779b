import { type Car, directions } from './car.ts';
import type { LiftPlant } from './plant.ts';

export type NodeType = 'UInt32' | 'Double' | 'Boolean';

/** One variable of a lift object. `step`: smallest change worth a notification; the true value is kept otherwise. */
export interface NodeDefinition {
  name: string;
  type: NodeType;
  step?: number;
  read(car: Car, plant: LiftPlant): number | boolean;
}

const doorClosing = 6;
const outsideZone = 8;
const overheated = 15;
const driveLimit = 75;

/** Bit n stands for BACnet's LiftFault n. */
function faultSignals(car: Car): number {
  return (
    (car.doorFails ? 1 << doorClosing : 0) |
    (car.stuck ? 1 << outsideZone : 0) |
    (car.driveTemperature > driveLimit ? 1 << overheated : 0)
  );
}

const analog = (name: string, step: number, read: NodeDefinition['read']): NodeDefinition => ({
  name,
  type: 'Double',
  step,
  read,
});
const whole = (name: string, read: NodeDefinition['read']): NodeDefinition => ({ name, type: 'UInt32', read });
const flag = (name: string, read: NodeDefinition['read']): NodeDefinition => ({ name, type: 'Boolean', read });

/** Names and codes of the BACnet Lift object (ASHRAE 135), and what it lacks; described in README.md. */
export const liftNodes: readonly NodeDefinition[] = [
  whole('Car_Position', (car) => car.floor),
  whole('Car_Moving_Direction', (car) => car.direction),
  whole('Car_Assigned_Direction', (car) => (car.target === 0 ? directions.none : car.assignedDirection)),
  whole('Car_Door_Status', (car) => car.door.status),
  whole('Car_Door_Command', (car) => car.door.command),
  flag('Car_Door_Zone', (car) => car.inDoorZone),
  analog('Car_Load', 0.05, (car) => Math.max(0, (100 * car.load) / car.rating.load + car.cellError)),
  whole('Car_Mode', (car) => car.mode),
  whole('Car_Drive_Status', (car) => car.status),
  whole('Next_Stopping_Floor', (car) => car.target),
  flag('Passenger_Alarm', (car) => car.passengerAlarm),
  flag('Out_Of_Service', (car) => car.fault.outOfService),
  whole('Fault_Signals', faultSignals),
  analog('Energy_Meter', 0.01, (car) => car.counters.energy),
  analog('Car_Speed', 0.001, (car) => car.speed),
  analog('Car_Height', 0.0005, (car) => car.height),
  whole('Door_Reopen_Count', (car) => car.counters.doorReopenings),
  whole('Door_Cycle_Count', (car) => car.counters.doorCycles),
  whole('Trip_Count', (car) => car.counters.trips),
  analog('Run_Hours', 0.001, (car) => car.counters.runHours),
  analog('Drive_Temperature', 0.05, (car) => car.driveTemperature),
  analog('Machine_Room_Temperature', 0.05, (_car, plant) => plant.machineRoom),
  analog('Car_Power', 0.01, (car) => car.power),
  // Code 1 of GB/T 24476 is the chain itself.
  flag('Safety_Chain', (car) => !car.stuck && car.faultCode !== 1),
  whole('GB24476_Code', (car) => car.faultCode),
  flag('Car_Occupied', (car) => car.riding.length > 0),
];
