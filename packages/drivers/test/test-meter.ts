import { parseProfile } from '../src/profiles/load.ts';
import { float32 } from './modbus-server.ts';

/** A meter of two blocks, the second with a register that means "not available". */
export const meter = parseProfile(
  `
name: test-meter
title: { en: Test meter, zh: 测试表 }
kind: energy-meter
source: this test
mark: own
period: 100
protocol: modbus
modbus: { area: holding, maximumGap: 4 }
points:
  voltageL1: { address: 0, type: float32 }
  voltageL2: { address: 2, type: float32 }
  frequency: { address: 100, type: uint16, factor: 0.01, notAvailable: [all-ones] }
  energyImport: { address: 102, type: uint32 }
`,
  'test-meter.yaml',
);

/** Its registers at a voltage. */
export function content(voltage: number): Record<number, number> {
  const [a, b] = float32(voltage);
  const [c, d] = float32(voltage + 1);
  return { 0: a, 1: b, 2: c, 3: d, 100: 0xffff, 101: 0, 102: 1, 103: 2 };
}
