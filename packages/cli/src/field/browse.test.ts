import type { BrowsedTree } from '@plantroom/drivers/opcua';
import { expect, test } from 'vitest';
import { treeText, treeYaml } from './browse.ts';
import { messageText } from './probe-push.ts';

const variable = (name: string, dataType: string, value: string, status = 'Good') =>
  ({
    nodeId: `ns=2;s=Lift.L1.${name}`,
    browseName: `2:${name}`,
    nodeClass: 'variable',
    depth: 2,
    dataType,
    value,
    status,
  }) as const;

const tree: BrowsedTree = {
  namespaces: ['http://opcfoundation.org/UA/', 'urn:server', 'urn:lifts'],
  cut: false,
  nodes: [
    { nodeId: 'ns=2;s=Lift.L1', browseName: '2:L1', nodeClass: 'object', depth: 1 },
    variable('Speed', 'Double', '2.5'),
    variable('door state', 'Int32', '', 'BadSensorFailure'),
    variable('Maker', 'String', 'A maker'),
    { nodeId: 'ns=2;s=Lift.L1.reset', browseName: '2:Reset', nodeClass: 'method', depth: 2 },
  ],
};

test('the tree of a server, and what to paste', () => {
  expect([
    ...treeText('opc.tcp://192.0.2.20:4840', tree),
    '',
    ...treeYaml('opc.tcp://192.0.2.20:4840', tree),
  ]).toMatchSnapshot();
});

test('a server without numbers says so, and one that was cut too', () => {
  const texts = { ...tree, cut: true, nodes: tree.nodes.filter((n) => n.dataType === 'String') };
  expect(treeYaml('opc.tcp://x', texts)).toEqual([
    '# No variable of this server has a number that could become a point.',
  ]);
  expect(treeText('opc.tcp://x', texts)[0]).toBe(
    'opc.tcp://x: 1 nodes, 1 of them variables (there are more: use --root, --depth, --limit)',
  );
});

test('an MQTT message by the paths that a profile would use', () => {
  const payload = Buffer.from('{"t":21.5,"values":[{"ok":true}],"none":null}');
  expect(messageText('sensors/lobby', payload, true)).toEqual([
    'sensors/lobby  (retained: last known, its moment is past)',
    '  t             number   21.5',
    '  values[0].ok  boolean  true',
    '  none          null     null',
  ]);
  expect(messageText('a', Buffer.from('21.5'), false)).toEqual(['a', '  21.5']);
  expect(messageText('a', Buffer.of(1, 2, 255), false)).toEqual(['a', '  3 bytes: 0102ff']);
});
