import { z } from 'zod';
import { liftRatings } from '../lifts/shaft.ts';
import { meterIds, subMeterIds } from '../meters/load-model.ts';
import { devicesPerLoop, loops } from '../panel/fire-panel.ts';
import { sensorIds } from '../sensors/environment.ts';
import { gauges } from '../water/pump.ts';
import { pumpRatings } from '../water/ratings.ts';

/** A fault that can be injected: where, with which parameters. */
export interface FaultDefinition {
  title: { en: string; zh: string };
  targets: readonly string[];
  parameters: z.ZodObject;
  /** True if the target can have it several times at once, with other parameters each. */
  repeatable: boolean;
}

const pumps = pumpRatings.map((pump) => pump.id);
/** Pumps behind the pump controller map, which shows vibration, bearings and phases. */
const panelPumps = pumps.filter((id) => !id.startsWith('booster'));
const lifts = liftRatings.map((lift) => lift.id);
const tanks = ['roof-tank', 'sump-pit'];
const modbus = [...pumps, ...tanks, ...meterIds, 'fire-panel'];
const everything = [...lifts, ...modbus, ...sensorIds];

const phase = (otherwise: number) => z.int().min(1).max(3).default(otherwise);
const share = z.number().gt(0).max(1).default(1);
const loop = (otherwise: number) => z.int().min(1).max(loops).default(otherwise);
const device = (otherwise: number) => z.int().min(1).max(devicesPerLoop).default(otherwise);
const flow = (otherwise: number) => z.number().gt(0).max(1000).default(otherwise);
const forceRun = z.boolean().default(true);

function define<Shape extends z.ZodRawShape>(en: string, zh: string, targets: readonly string[], shape: Shape) {
  return { title: { en, zh }, targets, parameters: z.strictObject(shape), repeatable: false };
}

/** What happens to single devices of the panel can happen to several of them. */
function onPanel<Shape extends z.ZodRawShape>(en: string, zh: string, shape: Shape) {
  return { ...define(en, zh, ['fire-panel'], shape), repeatable: true };
}

/** Every fault by its id; README.md says what each does. */
export const catalogue = {
  'pump-dry-run': define('Pump runs dry', '水泵干转', pumps, {
    forceRun,
    tripAfter: z.number().min(0).max(86_400).default(0),
  }),
  'pump-bearing-wear': define('Pump bearing wear', '水泵轴承磨损', panelPumps, {
    vibration: z.number().min(2).max(40).default(7.5),
    ramp: z.number().min(0).max(86_400).default(30),
    forceRun,
  }),
  'pump-trip': define('Pump motor protection trips', '水泵过载跳闸', pumps, {}),
  'pump-not-in-auto': define('Pump switched off auto', '水泵未置自动', pumps, {}),
  'pump-phase-loss': define('Pump loses a phase', '水泵缺相', panelPumps, { phase: phase(2), forceRun }),
  'pump-overload': define('Pump motor overloaded', '水泵电机过载', pumps, {
    share: z.number().gt(0).max(200).default(40),
    forceRun,
  }),
  'pump-current-unbalance': define('Pump currents unbalanced', '水泵电流不平衡', panelPumps, {
    share: z.number().gt(0).max(100).default(25),
    forceRun,
  }),
  'pump-rotor-locked': define('Pump rotor locked', '水泵堵转', pumps, { forceRun }),
  'pump-bearing-seizes': define('Pump bearing seizes', '水泵轴承抱死', panelPumps, {
    temperature: z.number().min(20).max(150).default(120),
    forceRun,
  }),
  'pump-discharge-shut': define('Pump discharge shut', '水泵出口关闭', panelPumps, { forceRun }),
  'pump-check-valve-leaks': define('Pump check valve leaks', '水泵止回阀泄漏', panelPumps, {
    share: z.number().gt(0).max(50).default(5),
  }),
  'pump-gauge-frozen': define('Pump gauge frozen', '水泵测点冻结', panelPumps, {
    gauge: z.enum(gauges).default('flow'),
    forceRun,
  }),
  'pump-speed-hunting': define('Pump speed hunts', '水泵转速振荡', ['booster-1', 'booster-2', 'booster-3'], {
    swing: z.number().gt(0).max(50).default(6),
    forceRun,
  }),
  'fire-main-leak': define('Fire main leaks', '消防管网泄漏', ['jockey-pump'], { flow: flow(1.2) }),
  'tank-leak': define('Roof tank leaks', '屋顶水箱泄漏', ['roof-tank'], { flow: flow(240) }),
  'sump-flooding': define('Water floods the sump', '集水坑大量进水', ['sump-pit'], { flow: flow(150) }),
  'lift-door-will-not-close': define('Lift door will not close', '电梯门关不上', lifts, {}),
  'lift-entrapment': define('People trapped in a lift', '电梯困人', lifts, {
    alarmAfter: z.number().min(0).max(3600).default(8),
    load: z.number().min(2).max(100).default(12),
  }),
  'lift-levelling-error': define('Lift stops off level', '电梯平层不准', lifts, {
    error: z.number().min(-190).max(190).default(35),
  }),
  'lift-machine-room-hot': define('Lift machine room too hot', '电梯机房超温', lifts, {
    temperature: z.number().min(20).max(80).default(48),
  }),
  'lift-out-of-service': define('Lift out of service', '电梯停用', lifts, {}),
  'lift-fault-code': define('Lift controller reports a fault', '电梯控制器报故障', lifts, {
    code: z.int().min(1).max(8).default(8),
  }),
  'lift-overspeed': define('Lift runs too fast', '电梯超速', lifts, { share: z.number().gt(0).max(50).default(14) }),
  'lift-drive-hot': define('Lift drive too hot', '电梯驱动超温', lifts, {
    rise: z.number().gt(0).max(100).default(50),
  }),
  'lift-door-slow': define('Lift door opens slowly', '电梯开门缓慢', lifts, {
    seconds: z.number().gt(0).max(30).default(2.5),
  }),
  'detector-fire-alarm': onPanel('Detector reports fire', '探测器火警', {
    loop: loop(2),
    device: device(17),
  }),
  'detector-disabled': onPanel('Detector disabled', '探测器屏蔽', { loop: loop(1), device: device(5) }),
  'device-supervisory': onPanel('Supervised valve closed', '监管阀门关闭', { loop: loop(4), device: device(11) }),
  'panel-trouble': onPanel('Fire panel trouble', '火灾报警控制器故障', {
    kind: z.enum(['loop', 'mains', 'battery', 'device']).default('loop'),
    loop: loop(3),
    device: device(8),
  }),
  'panel-manual': define('Fire panel in manual mode', '火灾报警控制器处于手动', ['fire-panel'], {}),
  'meter-ct-reversed': define('Current transformer reversed', '电流互感器接反', meterIds, { phase: phase(1) }),
  'meter-phase-lost': define('Meter loses a phase voltage', '电能表失压', meterIds, { phase: phase(3) }),
  'meter-frozen': define('Energy register frozen', '电量读数不走', meterIds, {}),
  'meter-register-reset': define('Energy register reset', '电量读数复位', meterIds, {
    to: z.number().min(0).max(1e9).default(0),
  }),
  'power-cut': define('Power cut', '全楼停电', ['main-meter'], {}),
  'supply-voltage': define('Supply voltage off its band', '电源电压越限', meterIds, {
    change: z.number().min(-30).max(30).default(9),
  }),
  'supply-voltage-unbalance': define('Supply voltage unbalanced', '电源电压不平衡', meterIds, {
    phase: phase(2),
    change: z.number().min(-30).max(30).default(-5),
  }),
  'meter-over-compensation': define('Capacitors stay on', '电容未切除', meterIds, {}),
  'night-load-left-on': define('Load left on at night', '夜间设备未关', subMeterIds, {
    power: z.number().gt(0).max(2000).optional(),
  }),
  'room-too-hot': define('Room too hot', '房间过热', sensorIds, {
    temperature: z.number().min(-20).max(80).default(44),
  }),
  'room-air-stale': define('Room air stale', '房间空气污浊', sensorIds, {
    co2: z.number().min(400).max(10_000).default(2200),
  }),
  'sensor-battery-low': define('Sensor battery low', '传感器电量低', sensorIds, {
    battery: z.number().min(0).max(100).default(9),
  }),
  'sensor-frozen': define('Sensor value frozen', '传感器数值不变', sensorIds, {}),
  'device-silent': define('Device does not answer', '设备无应答', everything, {}),
  'modbus-exception': define('Device answers with exceptions', '设备返回异常码', modbus, {
    code: z.int().min(1).max(11).default(4),
    share,
    address: z.int().min(0).max(65_535).optional(),
  }),
  'late-answer': define('Device answers late', '设备应答迟到', modbus, {
    delay: z.int().min(1).max(600_000).default(3000),
    share,
  }),
} as const satisfies Record<string, FaultDefinition>;

export type FaultId = keyof typeof catalogue;
export type ParametersOf<F extends FaultId> = z.output<(typeof catalogue)[F]['parameters']>;

export function isFaultId(text: string): text is FaultId {
  return Object.hasOwn(catalogue, text);
}
