import { untilSignal } from '@plantroom/base';
import { treeText, treeYaml } from '../field/browse.ts';
import { parseEndpoint, parseModbusEndpoint } from '../field/endpoint.ts';
import { withServer } from '../field/probe-push.ts';
import { createProgress } from '../field/progress.ts';
import { type ScanRange, scan, scanText } from '../field/scan.ts';
import { usage } from '../field/usage.ts';
import { type SignInOptions, signInOf } from './gateway-probe.ts';

/** `plantroom gateway scan`; false when no unit answers. */
export async function scanBus(url: string, range: ScanRange): Promise<boolean> {
  const endpoint = parseModbusEndpoint(url);
  const stop = new AbortController();
  void untilSignal().then(() => stop.abort());
  const progress = createProgress('scan', range.to - range.from + 1);
  const found = await scan(endpoint, range, progress, { signal: stop.signal });
  for (const line of scanText(url, endpoint, range, found)) console.log(line);
  return found.length > 0;
}

export interface BrowseCommand extends SignInOptions {
  readonly root?: string;
  readonly depth: number;
  readonly limit: number;
}

/** `plantroom gateway browse`: the tree, then what to paste. */
export async function browse(url: string, options: BrowseCommand): Promise<boolean> {
  const endpoint = parseEndpoint(url);
  if (endpoint.type !== 'opc-ua') throw usage(`${url} is no OPC UA server.`, 'Write opc.tcp://192.0.2.20:4840.');
  const { browseServer } = await import('@plantroom/drivers/opcua');
  const { depth, limit, root } = options;
  const query = { depth, limit, ...(root === undefined ? {} : { root }) };
  const tree = await withServer(endpoint, signInOf(options), (config, context) => browseServer(config, context, query));
  for (const line of [...treeText(endpoint.name, tree), '', ...treeYaml(endpoint.name, tree)]) console.log(line);
  return tree.nodes.length > 0;
}
