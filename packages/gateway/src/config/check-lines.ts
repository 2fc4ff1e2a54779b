import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DraftConnection, SiteDraft } from './site-draft.ts';

/** A host as the schema of its connection gives it. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Two connections on one serial line would put their questions over each other's answers, which on RTU have no numbers: each
 * would take the other's values for its own. Modbus TCP numbers its answers, so there it is allowed.
 */
export function checkLines({ connections, problems, yaml }: SiteDraft): void {
  const first = new Map<string, string>();
  for (const { id, type, settings } of connections) {
    for (const line of linesOf({ id, type, settings })) {
      const other = first.get(line) ?? id;
      first.set(line, other);
      if (other === id) continue;
      const what = `connection \`${id}\` leads to the same serial line as \`${other}\` (${line})`;
      const instead = `put its equipment on \`${other}\` (\`on: ${other}\`) and remove it: a line has one master`;
      problems.push(yaml.problem(['connections', id, type], what, instead));
    }
  }
}

/** The lines that a connection leads to, each under one name however it is written. */
function linesOf({ type, settings }: DraftConnection): string[] {
  if (type === 'modbus-rtu') return [deviceOf((settings as { path: string }).path)];
  if (type !== 'modbus-rtu-over-tcp') return [];
  const { backup, ...place } = settings as Place & { backup?: Place };
  return [place, ...(backup ? [backup] : [])].map(({ host, port }) => `${hostOf(host)}:${port}`);
}

/** Links such as those in /dev/serial/by-id are followed; a device that is not plugged in goes by its path. */
function deviceOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** Without case and trailing dot, addresses in their shortest form, and every name of this machine as one. */
function hostOf(host: string): string {
  const text = host.toLowerCase().replace(/\.$/, '');
  const url = `http://${text.includes(':') ? `[${text}]` : text}`;
  const name = URL.canParse(url) ? new URL(url).hostname : text;
  const isLocal =
    /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:.*\])$/.test(name);
  return isLocal ? 'localhost' : name;
}
