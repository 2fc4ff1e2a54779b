import { ConfigError, formatProblem } from '@plantroom/base';
import { loadSite, type SiteConfig } from '@plantroom/gateway/config';
import { faultReport } from '../field/fault-report.ts';
import { isModbusConnection, withFolder } from '../field/open-site.ts';
import { planSite } from '../field/plan.ts';

/**
 * Says all that is wrong with a site file, a line each, as `file:line: what; what to write instead`; true when it is right.
 * A right one is followed by periods that a bus has no time for, and by the faults that cannot be found with what its
 * equipment has. Throws PlantroomError when it
 * cannot be read at all. Secrets are not looked for: they are where the gateway runs.
 */
export async function checkSite(file: string, say: (line: string) => void = console.log): Promise<boolean> {
  try {
    const config = loadSite(file);
    const { site, connections, equipment, rules } = config;
    const machines = count(equipment.length, 'machine');
    say(`${file}: nothing to mend. ${site.name.en}: ${machines} on ${count(connections.length, 'connection')}.`);
    for (const line of await busWarnings(config)) say(line);
    for (const line of faultReport(equipment, rules)) say(line);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    for (const problem of thrown.problems) say(formatProblem(problem));
    return false;
  }
}

/** With the answer times that are assumed of devices that nobody has asked yet. */
async function busWarnings(site: SiteConfig): Promise<string[]> {
  if (!site.connections.some(isModbusConnection)) return [];
  const { buses } = await withFolder((directory) => planSite(site, { directory }));
  return buses.flatMap(({ connection, warnings }) => warnings.map(({ text }) => `${connection}: ${text.en}`));
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
