import type { BusPlan, UnitPlan } from '@plantroom/drivers/modbus';
import type { Changed, KeyChange, SiteDiff, SiteEquipment } from '@plantroom/gateway/config';
import { duration, namesOf } from './columns.ts';
import { percent, type SitePlan } from './plan-text.ts';

/** What would be read otherwise: entries that come, go and change, then the load of each bus before and after. */
export function diffText(diff: SiteDiff, before: SitePlan, after: SitePlan): string[] {
  const { head, connections, equipment } = diff;
  const lines = [
    ...head.map((change) => `~ ${changeText(change)}`),
    ...connections.added.map((c) => `+ connection ${c.id} (${c.type})`),
    ...connections.removed.map((c) => `- connection ${c.id} (${c.type})`),
    ...changedTexts('connection ', 'connections', connections.changed),
    ...equipment.added.map((e) => `+ ${entryText(e, after)}`),
    ...equipment.removed.map((e) => `- ${entryText(e, before)}`),
    ...changedTexts('', 'equipment', equipment.changed),
  ];
  if (lines.length === 0) return [`The two describe the same: ${equipment.unchanged} equipment.`];
  return [...lines, `= ${equipment.unchanged} equipment as before`, '', ...loads(before, after)];
}

/** Entries that change alike share a line: another default of a template changes hundreds. */
function changedTexts(what: string, noun: string, changed: readonly Changed<{ readonly id: string }>[]): string[] {
  const alike = Map.groupBy(changed, ({ changes }) => changes.map(changeText).join(', '));
  return [...alike].map(([text, members]) => {
    const ids = members.map(({ after }) => after.id);
    return `~ ${what}${namesOf(ids, noun)}: ${text}`;
  });
}

function changeText({ key, from, to }: KeyChange): string {
  const name = key.replace(/^settings\./, '');
  if (from === undefined) return `${name} = ${text(to)}`;
  return to === undefined ? `no ${name} (was ${text(from)})` : `${name} ${text(from)} -> ${text(to)}`;
}

function text(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function entryText({ id, profile, connection }: SiteEquipment, plan: SitePlan): string {
  const unit = plan.buses.flatMap((b) => b.units).find((u) => u.equipment === id);
  const where = unit ? `${connection} unit ${unit.unit}` : connection;
  return `${id} (${profile.name}) on ${where}${unit ? `: ${requestsText(unit)}` : ''}`;
}

function requestsText({ requests, period }: UnitPlan): string {
  return `${requests.length === 1 ? 'one request' : `${requests.length} requests`} every ${duration(period)}`;
}

/** The load of each bus, and the warnings that the new file brings; buses of which the same is to be said share a line. */
function loads(before: SitePlan, after: SitePlan): string[] {
  const ids = [...new Set([...before.buses, ...after.buses].map((bus) => bus.connection))];
  const alike = Map.groupBy(ids, (id) => {
    const old = before.buses.find((b) => b.connection === id);
    const fresh = after.buses.find((b) => b.connection === id);
    const warnings = (fresh?.warnings ?? []).map((w) => `\n  ! ${w.text.en}`);
    const [from, to] = [loadText(old), loadText(fresh)];
    return [from === to ? `${to}, as before` : `${from} -> ${to}`, ...warnings].join('');
  });
  return [...alike].flatMap(([text, members]) => `${namesOf(members, 'connections')}: ${text}`.split('\n'));
}

function loadText(bus: BusPlan | undefined): string {
  if (!bus) return 'not read';
  const rate = bus.units.reduce((sum, u) => sum + (1000 * u.requests.length) / u.period, 0);
  return `${Number(rate.toFixed(2))} requests/s, ${percent(bus.share)} of the bus`;
}
