export const loops = 4;
export const devicesPerLoop = 50;

/** State bits of GB/T 26875.3, for the system and (0 to 8, with 8 the power fault) for a device. */
export const bits = {
  normal: 0,
  fire: 1,
  fault: 2,
  disabled: 3,
  supervisory: 4,
  start: 5,
  feedback: 6,
  delay: 7,
  mainsFault: 8,
  batteryFault: 9,
  busFault: 10,
  manual: 11,
} as const;

export type DeviceBit = 'fire' | 'fault' | 'disabled' | 'supervisory';

export interface PanelEvent {
  id: string;
  time: string;
  category: string;
  state: 'active' | 'cleared';
  loop: number;
  device: number;
  zone: number;
  address: string;
  message: string;
  messageZh: string;
}

/** What is true in the field right now; the panel reports the changes. */
export interface PanelConditions {
  devices: readonly { loop: number; device: number; bit: DeviceBit }[];
  openLoops: readonly number[];
  mainsLost: boolean;
  batteryFailed: boolean;
  manual: boolean;
}

export const quiet: PanelConditions = {
  devices: [],
  openLoops: [],
  mainsLost: false,
  batteryFailed: false,
  manual: false,
};

/** The floor that a device watches. */
export function zoneOf(loop: number, device: number): number {
  return 6 * (loop - 1) + 1 + Math.floor(((device - 1) * 6) / devicesPerLoop);
}

const words: Record<string, readonly [en: string, zh: string]> = {
  fire: ['Fire alarm', '火警'],
  fault: ['Fault', '故障'],
  disabled: ['Disabled', '屏蔽'],
  supervisory: ['Supervisory', '监管'],
  'mains-fault': ['Mains power fault', '主电故障'],
  'battery-fault': ['Standby battery fault', '备电故障'],
  'bus-fault': ['Loop open circuit', '回路总线开路'],
  manual: ['Manual mode', '手动状态'],
};

interface Condition {
  key: string;
  category: string;
  loop: number;
  device: number;
}

/** A fire panel with four loops of fifty devices: state words, counts, power supply, and an event for each change. */
export class FirePanel {
  mainsVoltage = 224;
  batteryVoltage = 27.3;
  batteryCurrent = 0.02;
  /** Seconds since the panel started, for the heartbeat. */
  uptime = 0;
  eventCount: number;
  #conditions = quiet;
  #active = new Map<string, Condition>();
  #devices = new Map<number, number>();
  readonly #emit: (event: PanelEvent) => void;

  constructor(eventCount: number, emit: (event: PanelEvent) => void) {
    this.eventCount = eventCount;
    this.#emit = emit;
  }

  /** Moves the panel on by `dt` seconds to the instant `at`. */
  step(at: number, dt: number, conditions: PanelConditions): void {
    this.uptime += dt;
    this.#conditions = conditions;
    this.#power(dt);
    this.#devices = deviceWords(conditions);
    const now = new Map(listed(conditions).map((c) => [c.key, c]));
    for (const [key, c] of now) if (!this.#active.has(key)) this.#report(at, c, 'active');
    for (const [key, c] of this.#active) if (!now.has(key)) this.#report(at, c, 'cleared');
    this.#active = now;
  }

  /** State word of a device; 1 (normal operation) when nothing is the matter. */
  deviceState(loop: number, device: number): number {
    return this.#devices.get(100 * loop + device) ?? 1;
  }

  /** How many devices have a bit set. */
  count(bit: DeviceBit): number {
    let sum = 0;
    for (const word of this.#devices.values()) if (word & (1 << bits[bit])) sum += 1;
    return sum;
  }

  systemState(): number {
    const { mainsLost, batteryFailed, openLoops, manual } = this.#conditions;
    let word = 1;
    for (const bit of ['fire', 'fault', 'disabled', 'supervisory'] as const)
      if (this.count(bit) > 0) word |= 1 << bits[bit];
    if (mainsLost) word |= 1 << bits.mainsFault;
    if (batteryFailed) word |= 1 << bits.batteryFault;
    if (openLoops.length > 0) word |= 1 << bits.busFault;
    if (manual) word |= 1 << bits.manual;
    return word;
  }

  loopState(loop: number): number {
    return this.#conditions.openLoops.includes(loop) ? 1 : 0;
  }

  get mainsPresent(): boolean {
    return !this.#conditions.mainsLost;
  }

  /** A 24 V lead-acid set floats at 27.3 V; without mains it drops to 25.6 V at once and then slowly. */
  #power(dt: number): void {
    const { mainsLost, batteryFailed } = this.#conditions;
    const [goal, seconds] = batteryFailed ? [21.8, 20] : mainsLost ? [23.4, 30_000] : [27.3, 900];
    if (mainsLost && this.batteryVoltage > 25.6) this.batteryVoltage = 25.6;
    this.batteryVoltage += (goal - this.batteryVoltage) * (1 - Math.exp(-dt / seconds));
    this.batteryCurrent = mainsLost ? -1.15 : 0.02 + 0.4 * Math.max(0, 27.3 - this.batteryVoltage);
    this.mainsVoltage = mainsLost ? 0 : 224;
  }

  #report(at: number, { category, loop, device }: Condition, state: 'active' | 'cleared'): void {
    this.eventCount += 1;
    const [en, zh] = words[category] ?? [category, category];
    const place = device > 0 ? `${loop}-${device}` : loop > 0 ? `loop-${loop}` : 'panel';
    const where = device > 0 ? deviceText(loop, device) : ([`loop ${loop}`, `${loop} 回路`] as const);
    const [ending, endingZh] = state === 'active' ? ['', ''] : [' cleared', '恢复'];
    this.#emit({
      id: `fire-panel-${String(this.eventCount).padStart(6, '0')}`,
      time: new Date(at).toISOString(),
      category,
      state,
      loop,
      device,
      zone: device > 0 ? zoneOf(loop, device) : 0,
      address: place,
      message: loop > 0 ? `${en}${ending}: ${where[0]}` : `${en}${ending}`,
      messageZh: loop > 0 ? `${where[1]}${zh}${endingZh}` : `${zh}${endingZh}`,
    });
  }
}

function deviceText(loop: number, device: number): readonly [string, string] {
  const zone = zoneOf(loop, device);
  const callPoint = device % 10 === 0;
  return [
    `floor ${zone}, ${callPoint ? 'manual call point' : 'smoke detector'} ${loop}-${device}`,
    `${zone} 层${callPoint ? '手动报警按钮' : '感烟探测器'} ${loop}-${device} `,
  ];
}

function deviceWords({ devices, openLoops }: PanelConditions): Map<number, number> {
  const out = new Map<number, number>();
  const set = (loop: number, device: number, bit: number) => {
    const key = 100 * loop + device;
    out.set(key, (out.get(key) ?? 1) | (1 << bit));
  };
  for (const { loop, device, bit } of devices) set(loop, device, bits[bit]);
  for (const loop of openLoops)
    for (let device = 1; device <= devicesPerLoop; device += 1) set(loop, device, bits.fault);
  return out;
}

/** Everything that deserves an event of its own; an open loop is one event, not fifty. */
function listed(conditions: PanelConditions): Condition[] {
  const own = (category: string, present: boolean): Condition[] =>
    present ? [{ key: category, category, loop: 0, device: 0 }] : [];
  return [
    ...conditions.devices.map(({ loop, device, bit }) => ({
      key: `${bit}-${loop}-${device}`,
      category: bit,
      loop,
      device,
    })),
    ...conditions.openLoops.map((loop) => ({ key: `bus-${loop}`, category: 'bus-fault', loop, device: 0 })),
    ...own('mains-fault', conditions.mainsLost),
    ...own('battery-fault', conditions.batteryFailed),
    ...own('manual', conditions.manual),
  ];
}
