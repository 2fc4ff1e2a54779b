import { join } from 'node:path';
import { type Clock, Lifecycle, PlantroomError, silentLogger, systemClock } from '@plantroom/base';
import { loadSite, readSecrets, type SiteConfig } from '@plantroom/gateway/config';
import { Field } from '@plantroom/gateway/field';
import { withFolder } from './open-site.ts';
import { usage } from './usage.ts';
import { watchConnection } from './watch.ts';
import { WatchTable } from './watch-table.ts';

export interface WatchSiteOptions {
  readonly siteFile: string;
  /** Everything unless told. */
  readonly equipment?: string | undefined;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** Called with the table as soon as there is one, and at each refresh. */
  readonly show: (table: WatchTable, now: number) => void;
  /** Ends once every equipment has been heard or has failed, or after `patience` ms. */
  readonly once?: boolean;
  readonly patience?: number;
}

const refresh = 500;

/** Reads the plant as a gateway would, into a table instead of a log; false when something was not sound at the end. */
export function watchSite(options: WatchSiteOptions): Promise<boolean> {
  const { siteFile, equipment, signal, clock = systemClock, show, once = false, patience = 30_000 } = options;
  const site = loadSite(siteFile);
  if (equipment !== undefined && !site.equipment.some((e) => e.id === equipment))
    throw usage(
      `${siteFile} has no equipment ${equipment}.`,
      `Write one of ${site.equipment.map((e) => e.id).join(', ')}.`,
    );
  return withFolder(async (folder) => {
    const lifecycle = new Lifecycle();
    const ended = new AbortController();
    try {
      const connections = await openField(site, folder, clock, lifecycle);
      const watched = site.equipment
        .filter((e) => equipment === undefined || e.id === equipment)
        .map(({ id, kind }) => ({ equipment: id, kind, points: pointsOf(id, connections) }));
      const table = new WatchTable(watched.filter((w) => w.points.length > 0));
      const wanted = new Set(watched.map((w) => w.equipment));
      const both = AbortSignal.any([signal, ended.signal]);
      const work = connections.map((c) => watchConnection(c, { table, wanted, clock, signal: both }));
      const begin = clock.monotonic();
      while (!signal.aborted && !(once && (table.complete || clock.monotonic() - begin > patience))) {
        if (!once) show(table, clock.monotonic());
        await clock.sleep(once ? 50 : refresh, signal);
      }
      show(table, clock.monotonic());
      ended.abort();
      await Promise.all(connections.map((c) => c.connection.close().catch(() => undefined)));
      await Promise.all(work);
      return table.sound && table.complete;
    } finally {
      await lifecycle.stop();
    }
  });
}

type Prepared = Field['connections'];

function pointsOf(id: string, connections: Prepared): string[] {
  const devices = connections.flatMap((c) => c.connection.devices).filter((d) => d.equipment === id);
  return [...new Set(devices.flatMap((d) => d.points))];
}

/** While the gateway runs, its broker for devices is there already: then we listen there like a device. */
async function openField(site: SiteConfig, folder: string, clock: Clock, lifecycle: Lifecycle): Promise<Prepared> {
  const secret = readSecrets(site, 'gateway');
  const options = { secret, dataDirectory: join(folder, 'data'), clock, logger: silentLogger, lifecycle };
  try {
    return (await Field.open({ ...options, site })).connections;
  } catch (thrown) {
    const isTaken = thrown instanceof PlantroomError && thrown.code === 'device-broker-port';
    const guest = isTaken ? throughRunningBroker(site) : undefined;
    if (!guest) throw thrown;
    return (await Field.open({ ...options, site: guest })).connections;
  }
}

/** The same site with the connections to its own broker made to the one that listens on its port. */
function throughRunningBroker(site: SiteConfig): SiteConfig | undefined {
  const { broker } = site;
  const [first] = Object.entries(broker?.users ?? {});
  if (!broker || !first) return undefined;
  const [user, { password }] = first;
  const access = { url: `mqtt://127.0.0.1:${broker.port}`, user, password };
  const isOwn = (settings: unknown) =>
    typeof settings === 'object' && settings !== null && 'url' in settings && settings.url === 'embedded';
  return {
    ...site,
    broker: undefined,
    connections: site.connections.map((c) =>
      isOwn(c.settings) ? { ...c, settings: { ...(c.settings as object), ...access } } : c,
    ),
  };
}
