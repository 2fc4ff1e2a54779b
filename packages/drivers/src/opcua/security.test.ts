import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/builders.ts';
import { declareLift, lift, listen, quick } from '../../test/opcua-listener.ts';
import { OpcUaTestServer } from '../../test/opcua-server.ts';
import type { DriverContext } from '../contract.ts';
import { certificateFolder, listCertificates, rejectCertificate, trustCertificate } from './certificate-store.ts';
import { opcUaConfig } from './config.ts';
import { prepareOpcUa } from './index.ts';

const secret = { user: 'engineer', password: 'secret', timeout: 10_000 };

let server: OpcUaTestServer;
let user: Awaited<ReturnType<OpcUaTestServer['makeUser']>>;

beforeAll(async () => {
  server = new OpcUaTestServer({ engineer: 'secret' });
  declareLift(server);
  await server.start();
  user = await server.makeUser('engineer');
}, 60_000);
afterAll(() => server.remove());

const open = async (settings: Record<string, unknown>, context: DriverContext) => {
  const config = opcUaConfig.parse({ endpoint: server.endpoint, ...quick, ...secret, ...settings });
  const connection = await prepareOpcUa(config, 'lifts', [lift()], context);
  try {
    await connection.open();
  } finally {
    await connection.close();
  }
};

describe('a server that shows a certificate', () => {
  it('is turned away until it is trusted by its thumbprint, and again when it is trusted no longer', async () => {
    const context = testContext();
    const folder = certificateFolder(context.dataDirectory);
    const secured = { securityMode: 'SignAndEncrypt' };
    const refusal = await open(secured, context).catch((thrown: unknown) => thrown);
    const [turnedAway] = listCertificates(folder).filter((c) => c.state === 'rejected');
    const digits = turnedAway?.thumbprint.slice(0, 8) ?? '';
    expect(refusal).toMatchObject({
      kind: 'no-answer',
      hint: expect.stringContaining(`gateway certificates ${context.dataDirectory} --trust ${digits}`),
    });
    expect(() => trustCertificate(folder, 'ffffffff')).toThrow(/no server has shown it/);
    expect(trustCertificate(folder, digits).state).toBe('trusted');
    expect(() => trustCertificate(folder, digits)).toThrow(/it is trusted/);
    const { connection, heard } = await listen(server, { ...secret, ...secured }, context);
    expect(heard.newest('floor')?.value).toBe(7);
    expect(connection.certificates?.().map((c) => c.whose)).toEqual(['own', 'server']);
    for (const { notAfter } of connection.certificates?.() ?? []) expect(notAfter).toBeGreaterThan(Date.now());
    await connection.close();
    rejectCertificate(folder, digits);
    await expect(open(secured, context)).rejects.toMatchObject({ kind: 'no-answer' });
  });

  it('meets one certificate for all connections of a gateway, whose key only its user may read', async () => {
    const context = testContext();
    const folder = certificateFolder(context.dataDirectory);
    const both = [open({ securityMode: 'None' }, context), open({ securityMode: 'None' }, context)];
    await Promise.all(both);
    const own = listCertificates(folder).filter((c) => c.state === 'own');
    expect(own).toHaveLength(1);
    expect(statSync(join(folder, 'own', 'private', 'private_key.pem')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

const policies = ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'];

describe('a session', () => {
  const cases = policies.flatMap((policy) => ['Sign', 'SignAndEncrypt'].map((mode) => [policy, mode] as const));

  it.each(cases)(
    'of %s, %s is opened by user name and by certificate, and not by a wrong password',
    async (policy, mode) => {
      const context = testContext();
      const folder = certificateFolder(context.dataDirectory);
      const secured = { securityPolicy: policy, securityMode: mode };
      await open(secured, context).catch(() => undefined);
      const [turnedAway] = listCertificates(folder).filter((c) => c.state === 'rejected');
      trustCertificate(folder, turnedAway?.thumbprint ?? '');
      await open(secured, context);
      await expect(open({ ...secured, password: 'wrong' }, context)).rejects.toMatchObject({ kind: 'no-answer' });
      const byCertificate = { ...secured, user: undefined, password: undefined, ...user };
      await open(byCertificate, context);
      await expect(open({ ...byCertificate, userKey: '/nowhere.pem' }, context)).rejects.toMatchObject({
        code: 'driver-certificate',
      });
    },
  );
});

it('a server that knows no users is met secured all the same, as anonymous', async () => {
  const open_ = new OpcUaTestServer();
  declareLift(open_);
  await open_.start();
  try {
    const context = testContext();
    const folder = certificateFolder(context.dataDirectory);
    const anonymous = { endpoint: open_.endpoint, user: undefined, password: undefined };
    await open({ ...anonymous, securityMode: 'Sign' }, context).catch(() => undefined);
    trustCertificate(folder, listCertificates(folder).find((c) => c.state === 'rejected')?.thumbprint ?? '');
    for (const securityPolicy of policies)
      for (const securityMode of ['Sign', 'SignAndEncrypt'])
        await open({ ...anonymous, securityPolicy, securityMode }, context);
  } finally {
    await open_.remove();
  }
});

it('settings that contradict one another are refused', () => {
  const parse = (settings: object) =>
    opcUaConfig.safeParse({ endpoint: 'opc.tcp://192.0.2.20:4840', ...settings }).success;
  expect(parse({ userCertificate: 'a.pem', userKey: 'b.pem' })).toBe(true);
  expect(parse({ userCertificate: 'a.pem' })).toBe(false);
  expect(parse({ user: 'a', userCertificate: 'a.pem', userKey: 'b.pem' })).toBe(false);
  expect(parse({ securityMode: 'Sign', securityPolicy: 'None' })).toBe(false);
});
