import { readFileSync } from 'node:fs';

/** A process and when it started, so that a pid that was given away again is not taken for it. */
export interface ProcessMark {
  readonly pid: number;
  /** Start time in the kernel's ticks (field 22 of /proc/PID/stat, see proc(5)); empty where there is no /proc. */
  readonly started: string;
}

export function processMark(pid: number): ProcessMark {
  return { pid, started: startOf(pid) ?? '' };
}

export function isRunning(mark: ProcessMark): boolean {
  try {
    process.kill(mark.pid, 0);
  } catch (thrown) {
    // EPERM: it lives, under another user.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM')) return false;
  }
  const started = startOf(mark.pid);
  return started === undefined || mark.started === '' || started === mark.started;
}

function startOf(pid: number): string | undefined {
  try {
    // The second field, the command in parentheses, may hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
