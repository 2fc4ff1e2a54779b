import { expect, it } from 'vitest';
import { type RegisterTable, readRegisters } from '../modbus/registers.ts';
import { FirePanel, type PanelConditions, type PanelEvent, quiet, zoneOf } from './fire-panel.ts';
import { firePanelMap } from './map.ts';

const at = Date.parse('2026-11-20T02:00:00.500Z');

function panel() {
  const events: PanelEvent[] = [];
  const made = new FirePanel(41, (event) => events.push(event));
  return {
    made,
    events,
    see: (conditions: Partial<PanelConditions>, dt = 1) => made.step(at, dt, { ...quiet, ...conditions }),
  };
}

function registers(made: FirePanel, address: number, count: number): string {
  return readRegisters(firePanelMap[0] as RegisterTable<FirePanel>, made, address, count).toString('hex');
}

it('reads normal operation at rest', () => {
  const { made, events, see } = panel();
  see({});
  expect(registers(made, 0, 5)).toBe('00010000000000000000');
  expect(registers(made, 400, 2)).toBe('00010001');
  expect(events).toEqual([]);
});

it('reports a fire once, with its place, and that it is over', () => {
  const { made, events, see } = panel();
  const fire = { devices: [{ loop: 2, device: 17, bit: 'fire' as const }] };
  see(fire);
  see(fire);
  expect(registers(made, 0, 2)).toBe('00030001');
  expect(registers(made, 216, 1)).toBe('0003');
  see({});
  expect(events).toEqual([
    {
      id: 'fire-panel-000042',
      time: '2026-11-20T02:00:00.500Z',
      category: 'fire',
      state: 'active',
      loop: 2,
      device: 17,
      zone: 8,
      address: '2-17',
      message: 'Fire alarm: floor 8, smoke detector 2-17',
      messageZh: '8 层感烟探测器 2-17 火警',
    },
    expect.objectContaining({ id: 'fire-panel-000043', category: 'fire', state: 'cleared' }),
  ]);
  expect(registers(made, 16, 2)).toBe('0000002b');
});

it('an open loop is fifty devices in fault and one event', () => {
  const { made, events, see } = panel();
  see({ openLoops: [3] });
  expect(made.count('fault')).toBe(50);
  expect(made.systemState()).toBe(1 | (1 << 2) | (1 << 10));
  expect(registers(made, 12, 4)).toBe('0000000000010000');
  expect(registers(made, 349, 1)).toBe('0005');
  expect(events.map((e) => [e.category, e.address])).toEqual([['bus-fault', 'loop-3']]);
});

it('without mains lives on its battery, whose voltage sinks', () => {
  const { made, see } = panel();
  see({ mainsLost: true });
  const first = made.batteryVoltage;
  for (let i = 0; i < 60; i += 1) see({ mainsLost: true }, 60);
  expect(first).toBeLessThan(25.7);
  expect(made.batteryVoltage).toBeLessThan(first - 0.1);
  expect(made.batteryVoltage).toBeGreaterThan(23);
  expect(registers(made, 6, 3)).toBe('00000000ff8d');
  expect(made.systemState() & (1 << 8)).not.toBe(0);
});

it('a failed battery falls below 2 V a cell within a minute', () => {
  const { made, see } = panel();
  for (let i = 0; i < 60; i += 1) see({ batteryFailed: true });
  expect(made.batteryVoltage).toBeLessThan(24);
  expect(made.systemState() & (1 << 9)).not.toBe(0);
});

it('gives each device the floor it watches', () => {
  expect([zoneOf(1, 1), zoneOf(1, 50), zoneOf(2, 1), zoneOf(4, 50)]).toEqual([1, 6, 7, 24]);
});
