import type { BusPlan, Discovery, RequestPlan, UnitPlan } from '@plantroom/drivers/modbus';
import { columns, duration } from './columns.ts';

/** A connection that pushes, or one that is read from a file: nothing to plan. */
export interface PushedConnection {
  readonly connection: string;
  readonly type: string;
  readonly equipment: number;
  readonly points: number;
}

export interface SitePlan {
  readonly buses: readonly BusPlan[];
  readonly pushed: readonly PushedConnection[];
  /** Equipment whose alarms wait for a poll. */
  readonly firePanels: ReadonlySet<string>;
}

/** The read plan of a whole site, bus by bus; `requests` lists every single request as well. */
export function planText({ buses, pushed, firePanels }: SitePlan, requests: boolean): string[] {
  return [
    ...buses.flatMap((bus, at) => [...(at > 0 ? [''] : []), ...busText(bus, firePanels, requests)]),
    ...(buses.length > 0 && pushed.length > 0 ? [''] : []),
    ...pushed.map(
      (p) => `${p.connection} (${p.type}): pushes ${p.points} points of ${p.equipment} equipment by itself`,
    ),
  ];
}

function busText(bus: BusPlan, firePanels: ReadonlySet<string>, requests: boolean): string[] {
  if (bus.units.length === 0) return [`${bus.connection} (${bus.server}): no equipment`];
  const points = bus.units.reduce((sum, unit) => sum + pointsOf(unit), 0);
  const count = bus.units.reduce((sum, unit) => sum + unit.requests.length, 0);
  const measure = bus.latency === 'measured' ? 'measured' : 'assumed: --measure asks the devices';
  return [
    `${bus.connection} (${bus.server}): ${counted(bus.units.length, 'unit')}, ${counted(points, 'point')} in ${counted(count, 'request')}`,
    `  everything once takes ${duration(bus.cycle)}; the periods need ${percent(bus.share)} of the bus (answer times ${measure})`,
    ...columns({
      head: ['equipment', 'unit', 'points', 'requests', 'time', 'period', 'share'],
      rows: bus.units.map((unit) => [
        unit.equipment,
        String(unit.unit),
        String(pointsOf(unit)),
        String(unit.requests.length),
        duration(unit.time),
        duration(unit.period),
        percent(unit.share),
      ]),
      right: [1, 2, 3, 4, 5, 6],
      indent: 2,
    }),
    ...(requests ? requestTable(bus) : []),
    ...bus.units.flatMap(({ equipment, discovery }) => (discovery ? [discoveryText(equipment, discovery)] : [])),
    ...bus.units.flatMap(({ equipment, holes }) =>
      holes.map((h) => `  ${equipment}: left out ${h.area} ${range(h)}, refused with exception ${h.exception}`),
    ),
    ...bus.units.filter((u) => firePanels.has(u.equipment)).map((unit) => panelText(bus, unit)),
    ...bus.warnings.map(({ equipment, text }) => `  ! ${equipment ? `${equipment}: ` : ''}${text.en}`),
  ];
}

/** Whether the requests are those of the device, or what they will be if it is laid out as most are. */
function discoveryText(equipment: string, { bases, found, assumed }: Discovery): string {
  if (found) return `  ${equipment}: found by discovery: SunSpec model ${found.id} at ${found.address}`;
  const places = `SunSpec at ${bases.slice(0, -1).join(', ')} or ${bases.at(-1)}`;
  return `  ${equipment}: found by discovery when it answers, ${places}; reckoned here with model ${assumed.id} at ${assumed.address}`;
}

/** What the poll adds to the alarm path: a change right after a read waits for the next one, behind who is in turn. */
function panelText(bus: BusPlan, { equipment, period, time }: UnitPlan): string {
  const others = bus.units.filter((u) => u.equipment !== equipment).map((u) => u.time);
  const worst = period + time + Math.max(0, ...others);
  const path = 'on top of the second that it takes from there to the screen';
  return `  ${equipment} is polled: an alarm waits up to ${duration(period)} for the next look, at worst ${duration(worst)}, ${path}`;
}

function requestTable({ units }: BusPlan): string[] {
  const rows = units.flatMap(({ equipment, requests }) =>
    requests.map((request) => [
      equipment,
      `FC${request.function}`,
      range(request),
      String(request.count),
      request.points.length > 4
        ? `${request.points.slice(0, 3).join(', ')} ... (${request.points.length})`
        : request.points.join(', '),
    ]),
  );
  return ['', ...columns({ head: ['equipment', '', 'addresses', 'count', 'points'], rows, right: [3], indent: 2 }), ''];
}

function range({ address, count }: Pick<RequestPlan, 'address' | 'count'>): string {
  return count > 1 ? `${address}-${address + count - 1}` : String(address);
}

function pointsOf({ requests }: UnitPlan): number {
  return requests.reduce((sum, request) => sum + request.points.length, 0);
}

function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

export function percent(share: number): string {
  const value = share * 100;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}
