import { silentLogger, systemClock, untilSignal } from '@plantroom/base';
import { type FieldConnection, loadProfile, prepareConnection } from '@plantroom/drivers';
import { loadSite } from '@plantroom/gateway/config';
import { capture, historyText } from '../field/capture.ts';
import { parseModbusEndpoint } from '../field/endpoint.ts';
import { prepareBuses, withFolder } from '../field/open-site.ts';
import { usage } from '../field/usage.ts';
import { watchSite } from '../field/watch-site.ts';

export interface WatchCommand {
  readonly equipment?: string;
  readonly once: boolean;
}

/** `plantroom gateway watch`; false when something was silent or bad at the end. */
export function watch(siteFile: string, { equipment, once }: WatchCommand): Promise<boolean> {
  const stop = new AbortController();
  void untilSignal().then(() => stop.abort());
  const live = process.stdout.isTTY && !once;
  return watchSite({
    siteFile,
    equipment,
    once: !live,
    signal: stop.signal,
    show(table, now) {
      const lines = table.lines(now, live ? Math.max(5, (process.stdout.rows || 24) - 1) : undefined);
      // Home, every line cleared to its end, and what is below it: nothing flickers.
      const text = live ? `\u001b[H${lines.map((l) => `${l}\u001b[K\n`).join('')}\u001b[J` : `${lines.join('\n')}\n`;
      process.stdout.write(text);
    },
  });
}

export interface CaptureCommand {
  readonly connection?: string;
  readonly equipment?: string;
  readonly unit: number;
  readonly profile?: string;
  readonly every: number;
  readonly for?: number;
}

/** `plantroom gateway capture`; false when a question got no answer, or a wrong one. */
export function captureWire(what: string, options: CaptureCommand): Promise<boolean> {
  return withFolder(async (directory) => {
    const connection = what.startsWith('modbus-')
      ? await ofUrl(what, options, directory)
      : await ofSite(what, options, directory);
    const ids = connection.devices.map((d) => d.equipment);
    const equipment = options.equipment === undefined ? ids : ids.filter((id) => id === options.equipment);
    if (equipment.length === 0)
      throw usage(`${connection.id} has no equipment ${options.equipment ?? ''}.`, `Write one of ${ids.join(', ')}.`);
    const stop = new AbortController();
    void untilSignal().then(() => stop.abort());
    const timer = options.for === undefined ? undefined : systemClock.after(options.for * 1000, () => stop.abort());
    const histories = await capture(connection, {
      equipment,
      pause: options.every * 1000,
      clock: systemClock,
      signal: stop.signal,
      say: (line) => console.log(line),
    });
    timer?.cancel();
    for (const line of ['', ...historyText(histories)]) console.log(line);
    return histories.length > 0 && histories.every((h) => h.silent + h.damaged === 0);
  });
}

/** The device that a URL and a profile name. */
function ofUrl(url: string, { profile, unit }: CaptureCommand, directory: string): Promise<FieldConnection> {
  const { type, settings } = parseModbusEndpoint(url);
  if (profile === undefined)
    throw usage('It is not said what to read.', 'Add --profile NAME and --unit ID, or name a site file.');
  const map = loadProfile(profile);
  const binding = { id: `unit-${unit}`, kind: map.kind, profile: map, options: { unit }, ratings: {} };
  const context = {
    clock: systemClock,
    logger: silentLogger,
    directory,
    dataDirectory: directory,
    secret: () => undefined,
  };
  return prepareConnection(type, 'capture', settings, [binding], context);
}

async function ofSite(file: string, { connection: id }: CaptureCommand, directory: string): Promise<FieldConnection> {
  const buses = await prepareBuses(loadSite(file), directory);
  const ids = buses.map((bus) => bus.id);
  const [first] = id === undefined ? buses : buses.filter((bus) => bus.id === id);
  if (first && (id !== undefined || buses.length === 1)) return first;
  if (ids.length === 0) throw usage(`${file} has no Modbus connection.`, 'Only Modbus frames are decoded.');
  const question =
    id === undefined ? 'It is not said which connection to read' : `${file} has no Modbus connection ${id}`;
  throw usage(`${question}.`, `Add --connection with one of ${ids.join(', ')}.`);
}
