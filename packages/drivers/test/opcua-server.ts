import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DataType,
  DataValue,
  OPCUACertificateManager,
  OPCUAServer,
  type StatusCode,
  StatusCodes,
  type UAVariable,
  Variant,
} from 'node-opcua';

export const testNamespace = 'urn:plantroom:test';

/** A real OPC UA server with a few variables, which can go away and come back on its port. */
export class OpcUaTestServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'plantroom-opcua-'));
  readonly #values = new Map<string, { type: DataType; value: unknown; status: StatusCode; time: Date }>();
  readonly #variables = new Map<string, UAVariable>();
  readonly #users: Readonly<Record<string, string>> | undefined;
  #server: OPCUAServer | undefined;
  #port = 0;

  constructor(users?: Readonly<Record<string, string>>) {
    this.#users = users;
  }

  get port(): number {
    return this.#port;
  }

  get endpoint(): string {
    return `opc.tcp://127.0.0.1:${this.#port}`;
  }

  get folder(): string {
    return this.#folder;
  }

  get sessions(): number {
    return this.#server?.currentSessionCount ?? 0;
  }

  get subscriptions(): number {
    return this.#server?.currentSubscriptionCount ?? 0;
  }

  /** Sets a variable `ns=...;s=name` with the source's time, now unless told; declares it before the start. */
  set(name: string, type: DataType, value: unknown, status: StatusCode = StatusCodes.Good, time = new Date()): void {
    this.#values.set(name, { type, value, status, time });
    this.#variables.get(name)?.setValueFromSource(new Variant({ dataType: type, value }), status, time);
  }

  async start(trustClients = true): Promise<void> {
    this.#port ||= await freePort();
    const users = this.#users;
    const server = new OPCUAServer({
      port: this.#port,
      hostname: '127.0.0.1',
      allowAnonymous: users === undefined,
      serverCertificateManager: new OPCUACertificateManager({
        rootFolder: join(this.#folder, 'pki'),
        automaticallyAcceptUnknownCertificate: trustClients,
        disableFileWatchers: true,
      }),
      ...(users ? { userManager: { isValidUser: (name: string, password: string) => users[name] === password } } : {}),
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    const namespace = space?.registerNamespace(testNamespace);
    for (const [name, { type, value, status, time }] of this.#values) {
      const variable = namespace?.addVariable({
        organizedBy: space?.rootFolder.objects ?? '',
        browseName: name,
        nodeId: `s=${name}`,
        dataType: type,
        minimumSamplingInterval: 20,
      });
      variable?.setValueFromSource(new Variant({ dataType: type, value }), status, time);
      if (variable) this.#variables.set(name, variable);
    }
    await server.start();
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#variables.clear();
    await server?.shutdown(0);
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export { DataType, DataValue, StatusCodes };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
