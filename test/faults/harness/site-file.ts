import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { meters, points, pump } from './source.ts';

/** Milliseconds that the site's wall clock is ahead of UTC, all year. */
export const siteOffset = 8 * 3_600_000;

const profile = (kind: string, names: readonly string[]) => `
name: oracle-${kind}
title: { en: Oracle, zh: 预言 }
kind: ${kind}
source: the test
mark: own
period: 1000
protocol: mqtt
topic: oracle/{device}
time: { path: time, format: milliseconds }
points:
${names.map((name) => `  ${name}: { path: ${name}, type: number }`).join('\n')}
`;

/** Writes the site of the gateway: meters and a pump that publish to its own broker, all of whose values are logged. */
export function writeSite(folder: string, devicesPort: number): void {
  const report = points.map((point) => `${point}: { deadband: 0 }`).join(', ');
  const equipment = meters.map(
    (m) => `  ${m}: { profile: ./meter.yaml, on: field, device: ${m}, name: ${m}, report: { ${report} } }`,
  );
  writeFileSync(join(folder, 'meter.yaml'), profile('energy-meter', points));
  writeFileSync(join(folder, 'pump.yaml'), profile('pump', ['tripped']));
  writeFileSync(join(folder, 'devices.secret'), 'oracle');
  writeFileSync(
    join(folder, 'site.yaml'),
    `
site: { id: oracle, name: { en: Oracle, zh: 预言 }, timezone: Asia/Shanghai }
gateway: { log: { maximum: 32, free: 4 } }
broker: { port: ${devicesPort}, users: { devices: { password: { file: devices.secret } } } }
connections: { field: { mqtt: embedded } }
equipment:
${equipment.join('\n')}
  ${pump}: { profile: ./pump.yaml, on: field, device: ${pump}, name: Pump }
`,
  );
}
