import { type Entry, type RegisterTable, sequence } from '../modbus/registers.ts';
import { devicesPerLoop, type FirePanel, loops } from './fire-panel.ts';

const loopNumbers = Array.from({ length: loops }, (_, index) => index + 1);

function deviceEntries(loop: number): Entry<FirePanel>[] {
  return Array.from({ length: devicesPerLoop }, (_, index) => ({
    address: 100 * loop + index,
    type: 'u16',
    read: (panel) => panel.deviceState(loop, index + 1),
  }));
}

/** The fire panel of this building, described in README.md. */
export const firePanelMap: RegisterTable<FirePanel>[] = [
  {
    functions: [3, 4],
    fill: 0,
    maximum: 125,
    blocks: [{ first: 0, last: 17 }, ...loopNumbers.map((loop) => ({ first: 100 * loop, last: 100 * loop + 49 }))],
    entries: [
      ...sequence<FirePanel>(0, 1, 'u16', [
        (p) => p.systemState(),
        (p) => p.count('fire'),
        (p) => p.count('fault'),
        (p) => p.count('disabled'),
        (p) => p.count('supervisory'),
        (p) => p.batteryVoltage * 100,
        (p) => p.mainsVoltage * 10,
        (p) => Number(p.mainsPresent),
      ]),
      { address: 8, type: 's16', read: (p) => p.batteryCurrent * 100 },
      ...sequence<FirePanel>(9, 1, 'u16', [() => loops, () => devicesPerLoop, (p) => Math.floor(p.uptime) % 65_536]),
      ...sequence<FirePanel>(
        12,
        1,
        'u16',
        loopNumbers.map((loop) => (p) => p.loopState(loop)),
      ),
      { address: 16, type: 'u32', read: (p) => p.eventCount },
      ...loopNumbers.flatMap(deviceEntries),
    ],
  },
];
