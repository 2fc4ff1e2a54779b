import { type BusPlan, describePlan, measurePlan } from '@plantroom/drivers/modbus';
import type { SiteConfig } from '@plantroom/gateway/config';
import { countPoints, isModbusConnection, prepareBuses } from './open-site.ts';
import type { SitePlan } from './plan-text.ts';

export interface PlanOptions {
  /** Where a gateway keeps what it learned; any folder will do. */
  readonly directory: string;
  /** Ask the devices how long they take, instead of assuming it. */
  readonly measure?: boolean;
}

/** What every bus of the site is going to be asked. Opens nothing unless it is to measure; then throws DriverFailure. */
export async function planSite(site: SiteConfig, { directory, measure = false }: PlanOptions): Promise<SitePlan> {
  const buses: BusPlan[] = [];
  for (const connection of await prepareBuses(site, directory)) {
    try {
      buses.push(measure ? await measurePlan(connection) : describePlan(connection));
    } finally {
      await connection.close();
    }
  }
  const others = site.connections.filter((c) => !isModbusConnection(c));
  const polled = new Set(site.connections.filter(isModbusConnection).map((c) => c.id));
  return {
    buses,
    pushed: others.map(({ id, type, bindings }) => {
      const here = bindings.filter((b) => site.equipment.some((e) => e.id === b.id && e.connection === id));
      const points = here.reduce((sum, b) => sum + countPoints(Object.keys(b.profile.points)), 0);
      return { connection: id, type, equipment: here.length, points };
    }),
    firePanels: new Set(
      site.equipment.filter((e) => e.kind === 'fire-panel' && polled.has(e.connection)).map((e) => e.id),
    ),
  };
}
