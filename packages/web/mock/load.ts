import type { AlarmMetricsView } from '@plantroom/model/api';
import { site } from './building.ts';

/** A week that was mostly good: one flood, one alarm that chatters, one that nobody ended. */
export function loadOf(from: number, to: number): AlarmMetricsView {
  const about = (equipment: string, fault: string, subject = '') => {
    const words = fault.split('.')[1]?.replaceAll('-', ' ') ?? fault;
    return { equipment, fault, subject, title: { en: words, zh: words } };
  };
  const top = [
    [about('elevator-5', 'elevator.door-will-not-close'), 41],
    [about('booster-2', 'pump.head-below-curve'), 17],
    [about('carpark-b1', 'environment-sensor.co2-high'), 9],
    [about('lighting-low', 'energy-meter.voltage-unbalance', 'L2'), 4],
  ] as const;
  return {
    ...{ site: site.id, from, to, isCut: false, alarms: 96, perDay: 13.7, perHour: 0.57, perTenMinutes: 0.095 },
    ...{ mostInTenMinutes: 14, hoursAboveThirty: 0, tenMinutesAboveTen: 0.002, floodShare: 0.004, topTenShare: 0.74 },
    floods: [{ from: to - 50 * 3_600_000, to: to - 49.5 * 3_600_000, alarms: 27 }],
    topTen: top.map(([which, alarms]) => ({ ...which, alarms, share: alarms / 96 })),
    chattering: [about('elevator-5', 'elevator.door-will-not-close')],
    ...{
      fleeting: 3,
      stale: [{ ...about('fire-panel', 'fire-panel.device-disabled', '3-32'), since: to - 31 * 3_600_000 }],
    },
    priorities: [0.01, 0.08, 0.21, 0.7],
    ...{ toAcknowledge: { median: 260_000, ninetieth: 2_700_000 }, unacknowledged: 2 },
  };
}
