import { MeterRegister } from './meter-register.ts';
import type { Metering, MeteringOptions } from './types.ts';

/**
 * Turns register readings into quarter hours. The register is the truth: the sum of a meter's intervals is the
 * difference of its register, whatever the pattern of readings; power is never integrated.
 */
export function createMetering(options: MeteringOptions): Metering {
  const registers = new Map(
    options.meters.map((meter) => [meter.id, new MeterRegister(meter, options.initial?.meters[meter.id])]),
  );
  return {
    reading: (reading) => registers.get(reading.equipment)?.read(reading) ?? [],
    tick: (now) => [...registers.values()].flatMap((register) => register.tick(now)),
    move: (...to) => [...registers.values()].flatMap((register) => register.move(...to)),
    state: () => ({
      version: 1,
      meters: Object.fromEntries([...registers].map(([id, register]) => [id, register.state()])),
    }),
  };
}
