import type { LiveEvent } from '@plantroom/model/api';
import type { Api } from './api.ts';

/** Follows the live feed until each of the named events was seen; gives the first of each. Throws when time is up. */
export async function firstEvents(
  api: Api,
  site: string,
  names: readonly LiveEvent['type'][],
  timeout: number,
): Promise<Partial<Record<LiveEvent['type'], unknown>>> {
  const answer = await api.request('GET', `live?site=${site}`);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!answer.ok || !reader) throw new Error(`the live feed was answered ${answer.status}`);
  const seen: Partial<Record<LiveEvent['type'], unknown>> = {};
  const timer = setTimeout(() => void reader.cancel(), timeout);
  let text = '';
  try {
    while (names.some((name) => !(name in seen))) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the live feed showed only ${Object.keys(seen).join(', ') || 'nothing'}`);
      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) note(block, seen);
    }
    return seen;
  } finally {
    clearTimeout(timer);
    await reader.cancel();
  }
}

function note(block: string, seen: Partial<Record<LiveEvent['type'], unknown>>): void {
  const name = /^event: ?(.+)$/m.exec(block)?.[1] as LiveEvent['type'] | undefined;
  const data = /^data: ?(.+)$/m.exec(block)?.[1];
  if (name && data) seen[name] ??= JSON.parse(data);
}
