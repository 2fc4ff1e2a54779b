import type { Car } from '../lifts/car.ts';
import { total } from '../meters/electrical.ts';
import type { Meter } from '../meters/meter.ts';
import { devicesPerLoop, type FirePanel, loops } from '../panel/fire-panel.ts';
import { sensorIds } from '../sensors/environment.ts';
import type { SensorField } from '../sensors/sensor-field.ts';
import type { Pump } from '../water/pump.ts';
import type { Tank } from '../water/tank.ts';
import type { Building } from './building.ts';

type Values = Record<string, number | boolean>;

export interface EquipmentState {
  kind: string;
  /** False while the device is made silent. */
  online: boolean;
  values: Values;
}

/** The true physical values of everything, in the base units of README.md; what tests compare readings with. */
export function trueState(building: Building, sensors: SensorField, at: number): Record<string, EquipmentState> {
  const out: Record<string, EquipmentState> = {};
  const put = (id: string, kind: string, values: Values) => {
    out[id] = { kind, online: !building.silent(id), values };
  };
  for (const car of building.lifts.cars) put(car.rating.id, 'elevator', liftValues(car, building.lifts.machineRoom));
  for (const [id, pump] of building.water.pumps) put(id, 'pump', pumpValues(pump));
  put('roof-tank', 'water-tank', tankValues(building.water.roofTank));
  put('sump-pit', 'water-tank', tankValues(building.water.sump.pit));
  for (const [id, meter] of building.meters.meters) put(id, 'energy-meter', meterValues(meter));
  put('fire-panel', 'fire-panel', panelValues(building.panel));
  for (const id of sensorIds) put(id, 'environment-sensor', { ...sensors.shown(id, at) });
  return out;
}

function liftValues(car: Car, machineRoom: number): Values {
  return {
    floor: car.floor,
    height: car.height,
    speed: car.speed,
    doorStatus: car.door.status,
    doorCommand: car.door.command,
    doorZone: car.inDoorZone,
    doorReopenings: car.door.reopenings,
    doorReopenCount: car.counters.doorReopenings,
    load: (100 * car.load) / car.rating.load,
    occupied: car.riding.length > 0,
    mode: car.mode,
    passengerAlarm: car.passengerAlarm,
    safetyChain: !car.stuck,
    faultCode: car.faultCode,
    driveTemperature: car.driveTemperature,
    machineRoomTemperature: machineRoom,
    power: car.power,
    trips: car.counters.trips,
    runHours: car.counters.runHours,
    energy: car.counters.energy,
  };
}

function pumpValues(pump: Pump): Values {
  const [l1, l2, l3] = pump.currents;
  return {
    command: pump.command,
    running: pump.running,
    mode: pump.mode,
    tripCode: pump.tripCode,
    speed: 100 * pump.speed,
    flow: pump.flow,
    head: pump.head,
    suctionPressure: pump.suction,
    dischargePressure: pump.discharge,
    power: pump.power,
    currentL1: l1,
    currentL2: l2,
    currentL3: l3,
    vibration: pump.vibration,
    bearingTemperature: pump.bearingTemperature,
    motorTemperature: pump.motorTemperature,
    starts: pump.counters.starts,
    runHours: pump.counters.runSeconds / 3600,
    energy: pump.counters.energy,
    volume: pump.counters.volume,
  };
}

function tankValues(tank: Tank): Values {
  return {
    level: 100 * tank.level,
    depth: tank.depth,
    volume: tank.volume,
    lowLevel: tank.depth < tank.shape.lowFloat,
    highLevel: tank.depth >= tank.shape.highFloat,
    temperature: tank.temperature,
    totalIn: tank.totalIn,
    totalOut: tank.totalOut,
    totalOver: tank.totalOver,
  };
}

/** `truePower` is what the circuit draws; the rest is what the meter sees of it. */
function meterValues({ electrical, counters, power }: Meter): Values {
  const [voltageL1, voltageL2, voltageL3] = electrical.voltage;
  const [currentL1, currentL2, currentL3] = electrical.current;
  const [powerL1, powerL2, powerL3] = electrical.active.map((watts) => watts / 1000) as [number, number, number];
  return {
    truePower: power,
    power: total(electrical.active) / 1000,
    ...{ powerL1, powerL2, powerL3, voltageL1, voltageL2, voltageL3, currentL1, currentL2, currentL3 },
    reactivePower: total(electrical.reactive) / 1000,
    apparentPower: total(electrical.apparent) / 1000,
    frequency: electrical.frequency,
    energyImport: counters.import,
    energyExport: counters.export,
    reactiveEnergyImport: counters.reactiveImport,
  };
}

function panelValues(panel: FirePanel): Values {
  const values: Values = {
    systemState: panel.systemState(),
    fireCount: panel.count('fire'),
    faultCount: panel.count('fault'),
    disabledCount: panel.count('disabled'),
    supervisoryCount: panel.count('supervisory'),
    batteryVoltage: panel.batteryVoltage,
    mainsVoltage: panel.mainsVoltage,
    eventCount: panel.eventCount,
  };
  for (let loop = 1; loop <= loops; loop += 1) {
    for (let device = 1; device <= devicesPerLoop; device += 1) {
      values[`loop[${loop}].device[${device}].state`] = panel.deviceState(loop, device);
    }
  }
  return values;
}
