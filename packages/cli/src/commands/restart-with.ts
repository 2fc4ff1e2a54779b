/**
 * Puts this program in the place of itself, with flags that node takes at its start alone; same process id, same files,
 * same arguments. Goes on when it has the flags already, or where a process cannot be replaced (Windows).
 */
export function restartWith(flags: readonly string[]): void {
  const { execArgv, execPath, argv, platform } = process;
  if (platform === 'win32' || flags.every((flag) => execArgv.includes(flag))) return;
  process.execve?.(execPath, [execPath, ...execArgv, ...flags, ...argv.slice(1)], process.env);
}
