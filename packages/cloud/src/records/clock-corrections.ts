import type { ClockCorrection } from '@plantroom/model/wire';
import type { Database } from './schema.ts';
import type { Words } from './tables-plant.ts';

/** Corrections of gateways' clocks; `body` is JSON, `from_time` ms since 1970 UTC by the gateway's time as it was. */
export const clockCorrections = ({ text, integer, rows }: Words) => `
CREATE TABLE clock_corrections (
  site ${text} NOT NULL, gateway ${text} NOT NULL, id ${text} NOT NULL, from_time ${integer} NOT NULL, body ${text} NOT NULL,
  PRIMARY KEY (site, gateway, id)
)${rows};
`;

/** The newest of a gateway that are told. */
const told = 20;

/** Keeps each once; what was stored at a wrong time stays where it is. */
export async function storeCorrections(
  db: Database,
  { site, gateway }: { readonly site: string; readonly gateway: string },
  corrections: readonly ClockCorrection[],
): Promise<void> {
  for (const correction of corrections)
    await db
      .insertInto('clock_corrections')
      .values({
        ...{ site, gateway, id: correction.id, from_time: correction.from },
        body: JSON.stringify(correction),
      })
      .onConflict((c) => c.doNothing())
      .execute();
}

/** The corrections of each gateway, as `site/gateway`, the newest first. */
export async function readCorrections(db: Database): Promise<ReadonlyMap<string, readonly ClockCorrection[]>> {
  const rows = await db.selectFrom('clock_corrections').selectAll().execute();
  const byGateway = Map.groupBy(rows, (r) => `${r.site}/${r.gateway}`);
  return new Map(
    [...byGateway].map(([gateway, its]) => {
      const corrections = its.map((r) => JSON.parse(r.body) as ClockCorrection);
      // By the right time: the wrong one may be of any year.
      return [gateway, corrections.sort((a, b) => b.to + b.by - a.to - a.by).slice(0, told)];
    }),
  );
}
