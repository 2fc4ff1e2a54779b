import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  type StatusCode,
  StatusCodes,
  type UAVariable,
} from 'node-opcua';
import { listenError } from '../modbus/server.ts';
import { liftNodes, type NodeDefinition } from './nodes.ts';
import type { LiftPlant } from './plant.ts';

export const liftNamespace = 'urn:plantroom:simulators:lifts';

export interface LiftServer {
  port: number;
  /** Publishes what has changed since the last call, stamped with `at` (milliseconds since 1970). */
  publish(at: number): void;
  stop(): Promise<void>;
}

/**
 * An OPC UA server on the loopback interface with one object a lift, security None, anonymous.
 * @param silent tells whether a lift's controller has stopped answering; its variables are BadNoCommunication then.
 */
export async function startLiftServer(options: {
  plant: LiftPlant;
  port: number;
  dataDirectory: string;
  at: number;
  silent(id: string): boolean;
}): Promise<LiftServer> {
  const port = options.port === 0 ? await freePort() : options.port;
  const pki = join(options.dataDirectory, 'opcua-pki');
  const server = new OPCUAServer({
    port,
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    resourcePath: '',
    buildInfo: { productName: 'Harbour Tower lifts', manufacturerName: 'Plantroom' },
    securityModes: [MessageSecurityMode.None],
    securityPolicies: [SecurityPolicy.None],
    allowAnonymous: true,
    allowAnonymousSubscriptionTransferOnUnsecuredChannel: true,
    disableDiscovery: true,
    serverCertificateManager: new OPCUACertificateManager({ name: 'own', rootFolder: join(pki, 'own') }),
    userCertificateManager: new OPCUACertificateManager({ name: 'user', rootFolder: join(pki, 'user') }),
  });
  await server.initialize();
  const variables = addLifts(server, options.plant, options.at);
  try {
    await server.start();
  } catch (thrown) {
    throw listenError('opcua', port, thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
  return {
    port,
    publish(at) {
      for (const variable of variables) variable.publish(at, options.silent(variable.lift));
    },
    stop: () => server.shutdown(100),
  };
}

interface LiveVariable {
  lift: string;
  publish(at: number, silent: boolean): void;
}

function addLifts(server: OPCUAServer, plant: LiftPlant, at: number): LiveVariable[] {
  const space = server.engine.addressSpace;
  if (!space) throw new Error('node-opcua has no address space after initialize()');
  const namespace = space.registerNamespace(liftNamespace);
  return plant.cars.flatMap((car) => {
    const object = namespace.addObject({
      organizedBy: space.rootFolder.objects,
      browseName: car.rating.node,
      displayName: car.rating.id,
      nodeId: `s=${car.rating.node}`,
    });
    return liftNodes.map((definition) => {
      const variable = namespace.addVariable({
        componentOf: object,
        browseName: definition.name,
        nodeId: `s=${car.rating.node}.${definition.name}`,
        dataType: definition.type,
        accessLevel: 'CurrentRead',
        userAccessLevel: 'CurrentRead',
        minimumSamplingInterval: 100,
      });
      return live(car.rating.id, variable, definition, () => definition.read(car, plant), at);
    });
  });
}

function live(
  lift: string,
  variable: UAVariable,
  { type, step = 0 }: NodeDefinition,
  read: () => number | boolean,
  at: number,
): LiveVariable {
  let last = read();
  let status: StatusCode = StatusCodes.Good;
  const write = (time: number) =>
    variable.setValueFromSource({ dataType: DataType[type], value: last }, status, new Date(time));
  write(at);
  return {
    lift,
    publish(time, silent) {
      const next = read();
      const wanted = silent ? StatusCodes.BadNoCommunication : StatusCodes.Good;
      const same = status === wanted && (silent || !differs(last, next, step));
      if (same) return;
      if (!silent) last = next;
      status = wanted;
      write(time);
    },
  };
}

function differs(a: number | boolean, b: number | boolean, step: number): boolean {
  if (typeof a === 'number' && typeof b === 'number' && step > 0 && b !== 0) return Math.abs(a - b) >= step;
  return a !== b;
}

/** node-opcua builds its endpoint's address from the port it is told, so a free one is looked up before. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
