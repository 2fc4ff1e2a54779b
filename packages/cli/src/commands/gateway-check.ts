import { ConfigError, formatProblem } from '@plantroom/base';
import { loadSite } from '@plantroom/gateway/config';
import { faultReport } from '../field/fault-report.ts';

/**
 * Says all that is wrong with a site file, a line each, as `file:line: what; what to write instead`; true when it is right.
 * A right one is followed by the faults that cannot be found with what its equipment has. Throws PlantroomError when it
 * cannot be read at all. Secrets are not looked for: they are where the gateway runs.
 */
export function checkSite(file: string, say: (line: string) => void = console.log): boolean {
  try {
    const { site, connections, equipment } = loadSite(file);
    const machines = count(equipment.length, 'machine');
    say(`${file}: nothing to mend. ${site.name.en}: ${machines} on ${count(connections.length, 'connection')}.`);
    for (const line of faultReport(equipment)) say(line);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    for (const problem of thrown.problems) say(formatProblem(problem));
    return false;
  }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
