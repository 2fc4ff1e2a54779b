import { meterPlaces } from '../meters/buses.ts';
import { createUnit, type Unit } from '../modbus/unit.ts';
import { firePanelMap } from '../panel/map.ts';
import { grundfosCim, levelTransmitter, pumpController } from '../water/maps.ts';
import { pumpRatings } from '../water/ratings.ts';
import type { Building } from './building.ts';

export interface ModbusUnits {
  pumps: Unit[];
  metersA: Unit[];
  metersB: Unit[];
  fire: Unit[];
}

/** All Modbus devices of the building by socket, as README.md lists them. */
export function modbusUnits(building: Building): ModbusUnits {
  const link = (equipment: string) => ({ equipment, disturbance: () => building.disturbance(equipment) });
  const pumps = pumpRatings.flatMap(({ id, unit }) => {
    const device = building.water.pumps.get(id);
    if (!device) return [];
    const tables = id.startsWith('booster') ? grundfosCim : pumpController;
    return [createUnit({ id: unit, ...link(id), device, tables })];
  });
  const tanks = [
    createUnit({ id: 11, ...link('roof-tank'), device: building.water.roofTank, tables: levelTransmitter }),
    createUnit({ id: 12, ...link('sump-pit'), device: building.water.sump.pit, tables: levelTransmitter }),
  ];
  const meters = (bus: 'metersA' | 'metersB') =>
    meterPlaces.flatMap(({ bus: place, unit, meter, tables }) => {
      const device = building.meters.meters.get(meter);
      return place === bus && device ? [createUnit({ id: unit, ...link(meter), device, tables })] : [];
    });
  const fire = [createUnit({ id: 1, ...link('fire-panel'), device: building.panel, tables: firePanelMap })];
  return { pumps: [...pumps, ...tanks], metersA: meters('metersA'), metersB: meters('metersB'), fire };
}
