import type { UaDescription } from './browse-client.ts';
import { connectServer, type UaContext, type UaSession } from './client.ts';
import type { OpcUaConfig } from './config.ts';

/** A node of the tree, before its children. */
export interface BrowsedNode extends Partial<UaDescription> {
  readonly nodeId: string;
  readonly browseName: string;
  readonly nodeClass: 'object' | 'variable' | 'method' | 'other';
  /** Steps below the root, which is not in the list itself. */
  readonly depth: number;
}

export interface BrowseQuery {
  /** The node to begin below; the Objects folder unless told. */
  readonly root?: string;
  /** The most steps below the root. */
  readonly depth: number;
  /** The most nodes to give. */
  readonly limit: number;
  readonly signal?: AbortSignal;
}

export interface BrowsedTree {
  readonly namespaces: readonly string[];
  readonly nodes: readonly BrowsedNode[];
  /** There were more nodes than the limit. */
  readonly cut: boolean;
}

const objectsFolder = 'ns=0;i=85';
/** Every server describes itself at length below this node. */
const serverObject = 'ns=0;i=2253';

/** Walks the tree of a server, depth first, each node once. Opens and closes a session of its own. Throws DriverFailure. */
export async function browseServer(config: OpcUaConfig, context: UaContext, query: BrowseQuery): Promise<BrowsedTree> {
  const session = await connectServer(config, context, query.signal ?? new AbortController().signal);
  try {
    const { nodes, cut } = await walk(session, query);
    const variables = nodes.filter((node) => node.nodeClass === 'variable').map((node) => node.nodeId);
    const described = await session.describe(variables);
    const byId = new Map(variables.map((nodeId, at) => [nodeId, described[at]]));
    return {
      namespaces: await session.namespaces(),
      nodes: nodes.map((node) => ({ ...node, ...byId.get(node.nodeId) })),
      cut,
    };
  } finally {
    await session.close();
  }
}

/** One node: what it holds, and what hangs below it. Opens and closes a session of its own. Throws DriverFailure. */
export async function probeNode(
  config: OpcUaConfig,
  context: UaContext,
  nodeId: string,
): Promise<UaDescription & { readonly below: readonly BrowsedNode[] }> {
  const session = await connectServer(config, context, new AbortController().signal);
  try {
    const [description] = await session.describe([nodeId]);
    const below = await session.browse(nodeId).catch(() => []);
    const none = { dataType: 'Null', value: '', status: 'BadNoData' };
    return { ...(description ?? none), below: below.map((r) => ({ ...r, depth: 1 })) };
  } finally {
    await session.close();
  }
}

async function walk(
  session: UaSession,
  { root = objectsFolder, depth, limit, signal }: BrowseQuery,
): Promise<{ nodes: BrowsedNode[]; cut: boolean }> {
  const nodes: BrowsedNode[] = [];
  const seen = new Set<string>([root]);
  // Depth first without recursion: a server's tree may be a graph with cycles, and deep.
  const waiting = [{ nodeId: root, level: 0, node: undefined as BrowsedNode | undefined }];
  for (let next = waiting.pop(); next && !signal?.aborted; next = waiting.pop()) {
    if (next.node) {
      if (nodes.length >= limit) return { nodes, cut: true };
      nodes.push(next.node);
    }
    if (next.level >= depth || next.node?.nodeClass === 'method') continue;
    const level = next.level + 1;
    const below = (await session.browse(next.nodeId)).filter((r) => r.nodeId !== serverObject && !seen.has(r.nodeId));
    for (const { nodeId } of below) seen.add(nodeId);
    waiting.push(...below.toReversed().map((r) => ({ nodeId: r.nodeId, level, node: { ...r, depth: level } })));
  }
  return { nodes, cut: false };
}
