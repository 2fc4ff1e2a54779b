import type { FieldConnection } from '../contract.ts';
import type { Bus } from './bus.ts';
import type { BusPlan, PlanWarning, RequestPlan, UnitPlan } from './bus-plan.ts';
import type { BoundDevice } from './connection.ts';
import { asModbus } from './inspect.ts';
import { functionOf } from './pdu.ts';
import type { Block } from './plan.ts';
import { blockReader } from './read-block.ts';
import { gapAfterAnswer, wireTime } from './timing.ts';

/**
 * Milliseconds that a device takes to answer as long as none was measured: a wired network's server in a plant is a small
 * controller; devices on a line need 5 to 50 ms, and a device server adds the network's part.
 */
const assumedLatency = { 'modbus-tcp': 10, 'modbus-rtu': 20, 'modbus-rtu-over-tcp': 30 } as const;

/**
 * What a prepared connection is going to ask, how long each request takes, and whether its periods can be met. Uses the
 * latency of each unit as measured since it was prepared, else the one set, else an assumed one. Opens nothing. Throws
 * PlantroomError `not-modbus`.
 */
export function describePlan(connection: FieldConnection): BusPlan {
  const { id, client, bound } = asModbus(connection);
  const { bus, histories } = client;
  const assumed = bus.settings.latency ?? assumedLatency[bus.type];
  const measured = bound.map((b) => histories.latencyOf(b.care.unit));
  const units = bound.map((b, i) => unitPlan(b, bus, measured[i] ?? assumed));
  const isMeasured = bound.length > 0 && measured.every((m) => m !== undefined);
  const sum = (of: (unit: UnitPlan) => number) => units.reduce((total, unit) => total + of(unit), 0);
  return {
    connection: id,
    server: bus.name,
    units,
    cycle: sum((u) => u.time),
    share: sum((u) => u.share),
    latency: isMeasured ? 'measured' : 'assumed',
    warnings: warningsOf(units),
  };
}

/**
 * Opens the connection, reads each unit's first block `rounds` times and gives the plan with the latency measured. Units
 * that do not answer keep the assumed one. Throws DriverFailure when the connection cannot be had.
 */
export async function measurePlan(connection: FieldConnection, rounds = 5): Promise<BusPlan> {
  const { client, bound } = asModbus(connection);
  await client.open();
  for (const { device, care } of bound) {
    const read = blockReader(client, care);
    // Its first poll finds where the registers are; what it cannot find is said by `probe`.
    if (device.discovery) await device.poll(read).catch(() => undefined);
    const [block] = device.blocks;
    for (let round = 0; block && round < rounds; round++) {
      const answered = await read(block).then(
        () => true,
        () => false,
      );
      if (!answered) break;
    }
  }
  return describePlan(connection);
}

function unitPlan({ field, device, care }: BoundDevice, bus: Bus, latency: number): UnitPlan {
  const pause = Math.max(gapAfterAnswer(bus.line), bus.settings.pauseBetweenRequests, care.pause ?? 0);
  const requests = device.blocks.map((block): RequestPlan => {
    const { area, address, length, items } = care.quirks.has('read-coils-from-zero') ? fromZero(block) : block;
    const time = wireTime(bus.line, { area, count: length }) + latency + pause;
    return { function: functionOf[area], area, address, count: length, points: items.map((i) => i.point), time };
  });
  // A link that is closed after each poll is opened before it: one more round trip, and the pause that follows.
  const opening = care.quirks.has('close-after-poll') ? latency + bus.settings.pauseAfterConnect : 0;
  const time = requests.reduce((sum, r) => sum + r.time, opening);
  const holes = device.holes.map(({ block, exception }) => ({
    area: block.area,
    address: block.address,
    count: block.length,
    points: block.items.map((i) => i.point),
    exception,
  }));
  const { equipment, period } = field;
  const discovery = device.discovery && { discovery: device.discovery };
  return { equipment, unit: care.unit, period, requests, holes, ...discovery, time, share: time / period };
}

function fromZero(block: Block): Block {
  const isBits = block.area === 'coil' || block.area === 'discrete';
  return isBits ? { ...block, address: 0, length: block.address + block.length } : block;
}

/** A bus above nine tenths of its time has none left for a device that is slow for once. */
const fullShare = 0.9;

function warningsOf(units: readonly UnitPlan[]): PlanWarning[] {
  const alone = units
    .filter((u) => u.time > u.period)
    .map(({ equipment, time, period }) => ({
      equipment,
      text: {
        en: `One poll of ${equipment} takes ${seconds(time)}, its period is ${seconds(period)}. Set a period of ${nextPeriod(time)} or more.`,
        zh: `${equipment} 轮询一次需 ${seconds(time)}，周期却只有 ${seconds(period)}。请将周期设为 ${nextPeriod(time)} 以上。`,
      },
    }));
  const share = units.reduce((sum, u) => sum + u.share, 0);
  if (share <= fullShare) return alone;
  const percent = Math.round(share * 100);
  const factor = share / fullShare;
  const en = `The bus needs ${percent} % of its time. Make the periods ${factor.toFixed(1)} times as long, raise the baud rate, or move devices to another bus.`;
  const zh = `总线时间占用率达 ${percent}%。请将轮询周期延长至 ${factor.toFixed(1)} 倍、提高波特率，或把部分设备移到另一条总线。`;
  return [...alone, { text: { en, zh } }];
}

function seconds(time: number): string {
  return time < 1000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`;
}

/** With room for what the plan cannot know, to a whole half second. */
function nextPeriod(time: number): string {
  return seconds(Math.ceil((time / fullShare) * 2e-3) * 500);
}
