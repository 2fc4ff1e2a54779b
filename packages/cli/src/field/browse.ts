import type { BrowsedTree } from '@plantroom/drivers/opcua';
import { columns } from './columns.ts';

/** The tree, indented by its depth, with type, value and state of every variable. */
export function treeText(name: string, { nodes, cut }: BrowsedTree): string[] {
  const rows = nodes.map(({ browseName, nodeClass, nodeId, depth, dataType, value, status }) => [
    `${'  '.repeat(depth - 1)}${withoutIndex(browseName)}${nodeClass === 'object' ? '/' : nodeClass === 'method' ? '()' : ''}`,
    nodeId,
    dataType ?? '',
    status === undefined || status === 'Good' ? (value ?? '') : `${value ?? ''} (${status})`.trim(),
  ]);
  const variables = nodes.filter((n) => n.nodeClass === 'variable').length;
  return [
    `${name}: ${nodes.length} nodes, ${variables} of them variables${cut ? ' (there are more: use --root, --depth, --limit)' : ''}`,
    '',
    ...columns({ head: ['node', 'id', 'type', 'value'], rows, indent: 2 }),
  ];
}

/** The types that can become a point's value. */
const numeric = /^(?:Boolean|S?Byte|U?Int(?:16|32|64)|Float|Double)$/;

/**
 * Connection, equipment and the points of a profile for what was found, to paste and to name: which point of which kind a
 * variable is, only a person can say. `{node}` stands for the part that the ids of one machine have in common.
 */
export function treeYaml(endpoint: string, { namespaces, nodes }: BrowsedTree): string[] {
  const variables = nodes.filter((n) => n.nodeClass === 'variable' && numeric.test(n.dataType ?? ''));
  const byNamespace = Map.groupBy(variables, (n) => Number(/^ns=(\d+)/.exec(n.nodeId)?.[1] ?? 0));
  const own = [...byNamespace].filter(([index]) => index > 0).sort(([, a], [, b]) => b.length - a.length)[0];
  if (!own) return ['# No variable of this server has a number that could become a point.'];
  const [index, found] = own;
  const ids = found.map((n) => n.nodeId.replace(/^ns=\d+;/, ''));
  const root = commonRoot(ids);
  const points = found.map(({ browseName, dataType, value }, at) => {
    const id = ids[at] ?? '';
    const below = root === '' ? id : id.replace(`s=${root}`, 's={node}');
    return [`  ${nameOf(browseName)}:`, `{ node: ${JSON.stringify(`ns={ns};${below}`)} }`, `# ${dataType} ${value}`];
  });
  return [
    '# site.yaml',
    `connections: { server: { opc-ua: ${endpoint} } }`,
    'equipment:',
    `  machine-1: { profile: my-machine, on: server, node: ${JSON.stringify(root === '' ? 'machine' : root)}, name: Machine 1 }`,
    '',
    '# The points of a profile my-machine.yaml: rename each to a point of its kind, remove the rest.',
    `namespace: ${namespaces[index] ?? ''}`,
    'points:',
    ...columns({ rows: points }),
  ];
}

/** What all string ids begin with, up to the last dot or slash. */
function commonRoot(ids: readonly string[]): string {
  const names = ids.map((id) => (id.startsWith('s=') ? id.slice(2) : ''));
  const [first = ''] = names;
  let length = first.length;
  for (const name of names) while (!name.startsWith(first.slice(0, length))) length--;
  const common = first.slice(0, length);
  const end = Math.max(common.lastIndexOf('.'), common.lastIndexOf('/'));
  return end > 0 ? common.slice(0, end) : '';
}

function withoutIndex(browseName: string): string {
  return browseName.replace(/^\d+:/, '');
}

/** `2:Motor Temp` becomes `motorTemp`, the way points are written. */
function nameOf(browseName: string): string {
  const words = withoutIndex(browseName)
    .split(/[^A-Za-z0-9]+/)
    .filter((w) => w !== '');
  const [first = 'point', ...rest] = words.map((w) => `${w.charAt(0).toUpperCase()}${w.slice(1)}`);
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}${rest.join('')}`;
}
