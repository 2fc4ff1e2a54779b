/** Where each answer is kept; live events change the same places. */
export const keys = {
  session: ['session'] as const,
  sites: ['sites'] as const,
  equipment: (site: string) => ['equipment', site] as const,
  machineFaults: (site: string, id: string) => ['equipment', site, id, 'faults'] as const,
  deviceEvents: (site: string, id: string) => ['equipment', site, id, 'device-events'] as const,
  latest: (site: string) => ['latest', site] as const,
  openAlarms: (site: string) => ['alarms', site, 'open'] as const,
  allAlarms: (site: string) => ['alarms', site, 'all'] as const,
  alarmMetrics: (site: string) => ['alarm-metrics', site] as const,
  alarm: (id: string) => ['alarm', id] as const,
  openOrders: (site: string) => ['orders', site, 'open'] as const,
  allOrders: (site: string) => ['orders', site, 'all'] as const,
  order: (id: string) => ['order', id] as const,
  completeness: (site: string) => ['completeness', site] as const,
  gateways: (site: string) => ['gateways', site] as const,
  series: (site: string) => ['series', site] as const,
  /** Intervals and consumption. */
  energy: (site: string) => ['energy', site] as const,
};
