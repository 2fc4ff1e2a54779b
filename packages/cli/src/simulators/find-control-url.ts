import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlantroomError } from '@plantroom/base';
import { defaultDataDirectory } from '../demo/options.ts';

/** The control address: as told, or as the demo in the data directory has noted it. */
export function findControlUrl({ url, data = defaultDataDirectory }: { url?: string; data?: string }): string {
  if (url !== undefined) return url;
  try {
    const { ports } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')) as { ports: { http: number } };
    return `http://127.0.0.1:${ports.http}`;
  } catch (thrown) {
    throw new PlantroomError('simulator-unknown', `No demo has run with the data directory ${data}.`, {
      hint: 'Start it with npm run demo, or name the simulators with --url http://127.0.0.1:PORT or --data DIR.',
      cause: thrown,
    });
  }
}
