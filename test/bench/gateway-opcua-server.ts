// An OPC UA server in a process of its own, whose every node changes each second. Sends its port to the parent.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gaussian, seededRandom, systemClock } from '@plantroom/base';
import { DataType, OPCUACertificateManager, OPCUAServer, StatusCodes, Variant } from 'node-opcua';
import { benchNamespace, meterNodes } from './gateway-opcua-nodes.ts';

const period = 1000;
const folder = mkdtempSync(join(tmpdir(), 'plantroom-bench-opcua-'));
process.once('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});

const server = new OPCUAServer({
  port: 0,
  hostname: '127.0.0.1',
  serverCertificateManager: new OPCUACertificateManager({
    rootFolder: join(folder, 'pki'),
    automaticallyAcceptUnknownCertificate: true,
    disableFileWatchers: true,
  }),
});
await server.initialize();
const space = server.engine.addressSpace;
const namespace = space?.registerNamespace(benchNamespace);
const random = seededRandom(1);
const variables = meterNodes().flatMap(({ name, middle, step }) => {
  const variable = namespace?.addVariable({
    organizedBy: space?.rootFolder.objects ?? '',
    browseName: name,
    nodeId: `s=${name}`,
    dataType: DataType.Double,
    minimumSamplingInterval: 100,
  });
  return variable ? [{ variable, middle, step }] : [];
});
let turn = 0;
const change = () => {
  turn++;
  const time = new Date(systemClock.now());
  for (const { variable, middle, step } of variables) {
    const value = middle + (turn % 2 === 0 ? step : -step) + 0.1 * step * gaussian(random);
    variable.setValueFromSource(new Variant({ dataType: DataType.Double, value }), StatusCodes.Good, time);
  }
};
change();
systemClock.every(period, change);
await server.start();
const port = Number(new URL(server.getEndpointUrl().replace('opc.tcp', 'http')).port);
process.send?.({ port });
