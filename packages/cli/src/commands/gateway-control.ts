import type { SiteChange } from '@plantroom/gateway';
import { askGateway } from '@plantroom/gateway/control';

/** `plantroom gateway reload`: the gateway that runs on this data directory reads its site file again. */
export async function reload(dataDirectory: string, say: (line: string) => void = console.log): Promise<boolean> {
  for (const line of changeText((await askGateway(dataDirectory, 'reload')) as SiteChange)) say(line);
  return true;
}

/** What a reload did, a line for each thing that it touched. */
export function changeText(change: SiteChange): string[] {
  const { opened, reopened, closed, kept, revision, uplink, restarted } = change;
  if (restarted) return ['The limits of the log or the device broker were changed: everything was opened anew.'];
  const named = (what: string, ids: readonly string[]) => (ids.length > 0 ? [`${what}: ${ids.join(', ')}`] : []);
  return [
    ...named('Opened', opened),
    ...named('Opened anew', reopened),
    ...named('Closed', closed),
    `Not touched: ${kept.length} ${kept.length === 1 ? 'connection' : 'connections'}`,
    ...(uplink === 'changed' ? ['The way to the cloud was changed.'] : []),
    `Model revision: ${revision}`,
  ];
}
