import { existsSync } from 'node:fs';

/**
 * Made by systemd-timesyncd once it has set the clock since the machine started (systemd-time-wait-sync(8), since 239). Other
 * NTP clients leave no mark that can be read without starting a process.
 */
const mark = '/run/systemd/timesync/synchronized';

export function isSystemSynchronised(): boolean {
  return existsSync(mark);
}
