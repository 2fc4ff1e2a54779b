import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DataType,
  DataValue,
  OPCUACertificateManager,
  OPCUAServer,
  type OPCUAServerOptions,
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
  readonly #ranges = new Map<string, { low: number; high: number }>();
  readonly #users: Readonly<Record<string, string>> | undefined;
  #server: OPCUAServer | undefined;
  #port = 0;

  readonly #limits: OPCUAServerOptions['serverCapabilities'];

  constructor(users?: Readonly<Record<string, string>>, limits?: OPCUAServerOptions['serverCapabilities']) {
    this.#users = users;
    this.#limits = limits;
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

  /** All sessions since the start. */
  get allSessions(): number {
    return this.#server?.engine.cumulatedSessionCount ?? 0;
  }

  get subscriptions(): number {
    return this.#server?.currentSubscriptionCount ?? 0;
  }

  /** Gives an analog variable its range (EURange); before the start. */
  setRange(name: string, low: number, high: number): void {
    this.#ranges.set(name, { low, high });
  }

  /** Sets a variable `ns=...;s=name` with the source's time, now unless told; declares it before the start. */
  set(name: string, type: DataType, value: unknown, status: StatusCode = StatusCodes.Good, time = new Date()): void {
    this.#values.set(name, { type, value, status, time });
    this.#variables.get(name)?.setValueFromSource(new Variant({ dataType: type, value }), status, time);
  }

  /** A certificate to sign in with, and its key: paths of PEM files. */
  async makeUser(name: string): Promise<{ userCertificate: string; userKey: string }> {
    const folder = join(this.#folder, `user-${name}`);
    const manager = new OPCUACertificateManager({ rootFolder: folder, disableFileWatchers: true });
    await manager.initialize();
    const userCertificate = join(folder, 'user.pem');
    await manager.createSelfSignedCertificate({
      applicationUri: `urn:${name}`,
      dns: [],
      outputFile: userCertificate,
      subject: `/CN=${name}`,
      startDate: new Date(),
      validity: 30,
    });
    await manager.dispose();
    return { userCertificate, userKey: manager.privateKey };
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
      userCertificateManager: new OPCUACertificateManager({
        rootFolder: join(this.#folder, 'users'),
        automaticallyAcceptUnknownCertificate: true,
        disableFileWatchers: true,
      }),
      ...(this.#limits ? { serverCapabilities: this.#limits } : {}),
      ...(users ? { userManager: { isValidUser: (name: string, password: string) => users[name] === password } } : {}),
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    const namespace = space?.registerNamespace(testNamespace);
    for (const [name, { type, value, status, time }] of this.#values) {
      const range = this.#ranges.get(name);
      const options = {
        organizedBy: space?.rootFolder.objects ?? '',
        browseName: name,
        nodeId: `s=${name}`,
        dataType: type,
        minimumSamplingInterval: 20,
      };
      const variable = range
        ? namespace?.addAnalogDataItem({ ...options, engineeringUnitsRange: range })
        : namespace?.addVariable(options);
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
