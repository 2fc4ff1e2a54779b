import { silentLogger, systemClock } from '@plantroom/base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataType, OpcUaTestServer, StatusCodes } from '../../test/opcua-server.ts';
import { browseServer, probeNode } from './browse.ts';
import { opcUaConfig } from './config.ts';

const server = new OpcUaTestServer();
beforeAll(async () => {
  server.set('Lift.Speed', DataType.Double, 2.5);
  server.set('Lift.Trips', DataType.Int32, [1, 5]);
  server.set('Lift.Door', DataType.Int32, 2, StatusCodes.BadSensorFailure);
  server.set(
    'Lift.Maker',
    DataType.String,
    'A maker with a name that is much longer than anybody wants to read in a table',
  );
  await server.start();
}, 60_000);
afterAll(() => server.remove());

const context = () => ({ clock: systemClock, logger: silentLogger, dataDirectory: server.folder, identity: {} });
const config = () => opcUaConfig.parse(server.endpoint);

test('walks the tree with types, values and states, and leaves no session behind', async () => {
  const { nodes, namespaces, cut } = await browseServer(config(), context(), { depth: 3, limit: 100 });
  const index = namespaces.indexOf('urn:plantroom:test');
  const own = nodes.filter((n) => n.nodeId.startsWith(`ns=${index};`));
  expect(cut).toBe(false);
  expect(own.map(({ nodeId, depth, dataType, value, status }) => [nodeId, depth, dataType, value, status])).toEqual([
    [`ns=${index};s=Lift.Speed`, 1, 'Double', '2.5', 'Good'],
    [`ns=${index};s=Lift.Trips`, 1, 'Int32[]', '[1,5]', 'Good'],
    [`ns=${index};s=Lift.Door`, 1, 'Int32', '2', 'BadSensorFailure'],
    [`ns=${index};s=Lift.Maker`, 1, 'String', expect.stringMatching(/^A maker .*\.\.\.$/), 'Good'],
  ]);
  // The server's own description would hide everything else.
  expect(nodes.some((n) => n.nodeId === 'ns=0;i=2256')).toBe(false);
  expect(server.sessions).toBe(0);
});

test('stops at the limit, and says so', async () => {
  const { nodes, cut } = await browseServer(config(), context(), { depth: 3, limit: 2 });
  expect({ count: nodes.length, cut }).toEqual({ count: 2, cut: true });
});

test('tells one node, and refuses one that is not there in words', async () => {
  const { namespaces } = await browseServer(config(), context(), { depth: 1, limit: 1 });
  const node = `ns=${namespaces.indexOf('urn:plantroom:test')};s=Lift.Speed`;
  expect(await probeNode(config(), context(), node)).toMatchObject({ dataType: 'Double', value: '2.5', below: [] });
  expect(await probeNode(config(), context(), 'ns=0;s=none')).toMatchObject({ status: 'BadNodeIdUnknown' });
  await expect(browseServer(config(), context(), { depth: 1, limit: 1, root: 'ns=0;s=none' })).rejects.toMatchObject({
    kind: 'device-exception',
    message: expect.stringContaining('BadNodeIdUnknown'),
  });
});
