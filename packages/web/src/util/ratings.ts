import type { LocalText } from '@plantroom/model';

interface Rating {
  readonly label: LocalText;
  readonly unit: string;
}

/** Figures of name plates that the kinds know; a site file may carry others, which are shown by their own name. */
const known: Readonly<Record<string, Rating>> = {
  ratedFlow: { label: { en: 'Rated flow', zh: '额定流量' }, unit: 'm³/h' },
  ratedHead: { label: { en: 'Rated head', zh: '额定扬程' }, unit: 'm' },
  ratedPower: { label: { en: 'Rated power', zh: '额定功率' }, unit: 'kW' },
  ratedCurrent: { label: { en: 'Rated current', zh: '额定电流' }, unit: 'A' },
  ratedVoltage: { label: { en: 'Rated voltage', zh: '额定电压' }, unit: 'V' },
  ratedSpeed: { label: { en: 'Rated speed', zh: '额定速度' }, unit: 'm/s' },
  ratedLoad: { label: { en: 'Rated load', zh: '额定载重量' }, unit: 'kg' },
  contractDemand: { label: { en: 'Contract demand', zh: '合同需量' }, unit: 'kW' },
  shutOffHead: { label: { en: 'Shut-off head', zh: '零流量扬程' }, unit: 'm' },
  npshRequired: { label: { en: 'NPSH required', zh: '必需汽蚀余量' }, unit: 'm' },
  churnPressure: { label: { en: 'Churn pressure', zh: '零流量压力' }, unit: 'MPa' },
  startUpTime: { label: { en: 'Start-up time', zh: '启动时间' }, unit: 's' },
  jockeyStarts: { label: { en: 'Starts a day, main tight', zh: '管网严密时日启动次数' }, unit: '/d' },
  topHeight: { label: { en: 'Height of the highest floor', zh: '顶层端站高度' }, unit: 'm' },
  bottomHeight: { label: { en: 'Height of the lowest floor', zh: '底层端站高度' }, unit: 'm' },
  fillStop: { label: { en: 'Level at which filling stops', zh: '停止补水液位' }, unit: '%' },
  ratedApparentPower: { label: { en: 'Rated apparent power', zh: '额定视在功率' }, unit: 'kVA' },
  volume: { label: { en: 'Volume', zh: '容积' }, unit: 'm³' },
  floors: { label: { en: 'Floors served', zh: '服务层数' }, unit: '' },
};

/** `nominalSpeedRpm` as words: "nominal speed rpm". */
function spelledOut(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function ratingOf(name: string): Rating {
  const text = spelledOut(name);
  return known[name] ?? { label: { en: text, zh: text }, unit: '' };
}
