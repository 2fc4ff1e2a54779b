import type { Statement } from '@plantroom/model/api';

const columns = 'record,gateway,equipment,point,from,to,cause,expected,stored,coverage,detail';

/** Ids hold neither commas nor quotes, and begin with no sign that a spreadsheet takes for a formula. */
function line(...cells: readonly (string | number | null)[]): string {
  return cells.map((cell) => cell ?? '').join(',');
}

const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());

/** A statement as a table (RFC 4180): one line of the day, one for each gateway, hole of a point, and run of missing frames. */
export function statementCsv(statement: Statement): string {
  const { day, from, to, verdict, examinedTo, madeAt, gateways, holes } = statement;
  const lines = [
    columns,
    line(
      'day',
      null,
      null,
      null,
      iso(from),
      iso(to),
      verdict,
      null,
      null,
      null,
      `${day} examined to ${iso(examinedTo)} made ${iso(madeAt)}`,
    ),
    ...gateways.flatMap((g) => {
      const { thinned, dropped, corrupt } = g.given;
      const detail = `${g.complete} of ${g.points} points complete; thinned ${thinned}; dropped ${dropped}; corrupt ${corrupt}; quarantined ${g.quarantined}`;
      return [
        line(
          'gateway',
          g.id,
          null,
          null,
          iso(from),
          iso(examinedTo),
          null,
          g.expected,
          g.stored,
          g.coverage?.toFixed(6) ?? null,
          detail,
        ),
        ...g.missing.map((m) =>
          line(
            'frames',
            g.id,
            null,
            null,
            iso(m.from),
            iso(m.to),
            m.cause,
            null,
            null,
            null,
            `epoch ${m.epoch} frames ${m.first} to ${m.last}`,
          ),
        ),
      ];
    }),
    ...holes.flatMap((h) =>
      h.points.map((p) =>
        line('hole', h.gateway, p.equipment, p.point, iso(h.from), iso(h.to), h.cause, null, null, null, null),
      ),
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
