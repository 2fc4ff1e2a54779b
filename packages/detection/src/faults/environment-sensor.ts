import { certificate } from './certificate.ts';
import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { both, figure } from './figures.ts';
import { silence } from './silence.ts';
import { unusual } from './unusual.ts';

const tooHot = defineFault('environment-sensor', {
  id: 'environment-sensor.too-hot',
  texts: {
    title: both('Room too hot', '环境温度过高'),
    cause: both(
      'Cooling or ventilation failed, or a machine gives off too much heat.',
      '空调或通风故障，或设备散热异常。',
    ),
    consequence: both(
      'Equipment in the room ages early or stops; people suffer.',
      '室内设备提前老化或停机，人员不适。',
    ),
    steps: [
      both('Check cooling, fan and doors of the room.', '检查空调、风机和门窗。'),
      both('Look for a machine that runs hot.', '查找异常发热设备。'),
    ],
  },
  points: ['temperature'],
  parameters: { limit: limit('Cel', 40, [0, 80], engineering) },
  onDelay: seconds(60, [5, 3600], 'ISA-18.2: temperature 60 s'),
  offDelay: seconds(60, [0, 3600], 'ISA-18.2: temperature 60 s'),
  condition: ({ points, parameters }) => points.temperature > parameters.limit,
  priority: 3,
  trade: 'mechanical',
  raisesOrder: false,
  detail: ({ points, parameters }) =>
    both(
      `${figure(points.temperature)} °C, limit ${figure(parameters.limit)} °C`,
      `温度 ${figure(points.temperature)} °C，限值 ${figure(parameters.limit)} °C`,
    ),
});

const co2High = defineFault('environment-sensor', {
  id: 'environment-sensor.co2-high',
  texts: {
    title: both('Air is stale', '二氧化碳超标'),
    cause: both('Too little fresh air for the people in the room.', '新风量不足或人员过密。'),
    consequence: both('Headache and tiredness; complaints.', '人员头晕、困倦，引发投诉。'),
    steps: [
      both('Check fresh-air unit, dampers and schedule.', '检查新风机组、风阀和时间表。'),
      both('Open windows meanwhile.', '临时开窗通风。'),
    ],
  },
  points: ['co2'],
  parameters: {
    limit: limit('ppm', 1500, [600, 10_000], 'GB/T 18883: 1000 ppm daily mean; half as much again at once'),
  },
  onDelay: seconds(600, [60, 7200], engineering),
  offDelay: seconds(300, [0, 3600], engineering),
  condition: ({ points, parameters }) => points.co2 > parameters.limit,
  priority: 4,
  trade: 'mechanical',
  raisesOrder: false,
  detail: ({ points }) => both(`CO₂ at ${figure(points.co2, 0)} ppm`, `二氧化碳 ${figure(points.co2, 0)} ppm`),
});

const batteryLow = defineFault('environment-sensor', {
  id: 'environment-sensor.battery-low',
  texts: {
    title: both('Sensor battery low', '传感器电量低'),
    cause: both('The battery is nearly empty.', '电池即将耗尽。'),
    consequence: both('The sensor falls silent within days.', '数日内传感器将失联。'),
    steps: [both('Replace the battery.', '更换电池。')],
  },
  points: ['battery'],
  parameters: { limit: limit('%', 15, [1, 50], engineering) },
  onDelay: seconds(600, [0, 86_400], engineering),
  offDelay: seconds(600, [0, 86_400], engineering),
  condition: ({ points, parameters }) => points.battery < parameters.limit,
  priority: 4,
  trade: 'instrumentation',
  raisesOrder: false,
  detail: ({ points }) => both(`Battery at ${figure(points.battery, 0)} %`, `剩余电量 ${figure(points.battery, 0)} %`),
});

interface Still {
  /** The last values, joined; null before the first look. */
  values: string | null;
  since: number;
}

/** P19 for sensors: the least digit of a real measurement never rests in all quantities at once. */
const frozen = defineFault('environment-sensor', {
  id: 'environment-sensor.frozen',
  texts: {
    title: both('Sensor values stand still', '传感器数值冻结'),
    cause: both('The sensor or its converter repeats an old message.', '传感器或转换器重复上报旧数据。'),
    consequence: both('What is shown is not what the room is like.', '显示值不能反映实际环境。'),
    steps: [both('Restart the sensor; replace it if it stays.', '重启传感器，无效则更换。')],
  },
  points: ['temperature', 'humidity'],
  optional: ['co2'],
  parameters: { time: limit('s', 7200, [600, 86_400], engineering) },
  memory: (): Still => ({ values: null, since: 0 }),
  update: ({ now, points, memory }) => {
    const values = `${points.temperature} ${points.humidity} ${points.co2 ?? ''}`;
    if (values === memory.values) return;
    memory.values = values;
    memory.since = now;
  },
  condition: ({ now, memory, parameters }) => now - memory.since >= parameters.time * 1000,
  priority: 4,
  trade: 'instrumentation',
  raisesOrder: false,
});

export const environmentSensorFaults: readonly Fault[] = [
  tooHot,
  co2High,
  batteryLow,
  frozen,
  silence('environment-sensor', 4, 'instrumentation', false),
  certificate('environment-sensor'),
  unusual('environment-sensor', 'instrumentation'),
];
