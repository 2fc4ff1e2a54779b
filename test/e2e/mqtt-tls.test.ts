import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import { type FieldConnection, loadProfile, prepareConnection, type Reading } from '@plantroom/drivers';
import {
  freePort,
  makeAuthority,
  makeCertificate,
  type RunningProcess,
  startProcess,
  temporaryDirectory,
  until,
  withoutServices,
} from '@plantroom/testing';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = temporaryDirectory('plantroom-tls');
const path = (name: string) => join(folder.path, name);

/** An authority, and certificates that it signs for the broker and the gateway; and one of an authority nobody knows. */
function makeCertificates(): void {
  for (const authority of ['ca', 'stranger']) makeAuthority(folder.path, authority);
  makeCertificate(folder.path, 'broker', '127.0.0.1', 'ca');
  makeCertificate(folder.path, 'gateway', 'gateway', 'ca');
  makeCertificate(folder.path, 'unknown', 'gateway', 'stranger');
}

if (withoutServices) console.log('left out: TLS and certificates at mosquitto');

describe.runIf(!withoutServices)('a broker with TLS', () => {
  let broker: RunningProcess;
  let port = 0;
  let securePort = 0;

  beforeAll(async () => {
    makeCertificates();
    [port, securePort] = [await freePort(), await freePort()];
    const tls = `cafile ${path('ca.pem')}\ncertfile ${path('broker.pem')}\nkeyfile ${path('broker.key')}`;
    writeFileSync(
      path('mosquitto.conf'),
      `per_listener_settings true
listener ${port} 127.0.0.1
allow_anonymous true
listener ${securePort} 127.0.0.1
${tls}
require_certificate true
use_identity_as_username true
allow_anonymous false
user root
`,
    );
    broker = startProcess('mosquitto', ['-c', path('mosquitto.conf')]);
    const listens = async () =>
      (await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }).catch(() => undefined))
        ?.endAsync()
        .then(() => true);
    await until('the broker listens', async () => (await listens()) ?? false, { timeout: 10_000, every: 100 });
  });

  afterAll(async () => {
    await broker?.stop();
    folder.remove();
  });

  const good = () => ({ ca: path('ca.pem'), certificate: path('gateway.pem'), key: path('gateway.key') });

  function connectionWith(settings: object): Promise<FieldConnection> {
    const profile = loadProfile('environment-sensor-json');
    const binding = { id: 'lobby', kind: profile.kind, profile, options: {}, ratings: {} };
    const context = {
      clock: systemClock,
      logger: silentLogger,
      directory: folder.path,
      dataDirectory: folder.path,
      secret: () => undefined,
    };
    return prepareConnection(
      'mqtt',
      'devices',
      { url: `mqtts://127.0.0.1:${securePort}`, ...settings },
      [binding],
      context,
    );
  }

  async function refusal(settings: object): Promise<unknown> {
    const connection = await connectionWith(settings);
    return connection
      .open()
      .then(
        () => 'let in',
        (thrown: unknown) => thrown,
      )
      .finally(() => connection.close());
  }

  test('lets the gateway in by its certificate, and its devices are read', async () => {
    const connection = await connectionWith(good());
    const readings: Reading[] = [];
    await connection.open();
    await connection.subscribe?.({
      readings: (batch) => void readings.push(...batch),
      event: () => {},
      property: () => {},
      silence: () => {},
    });
    const device = await connectAsync(`mqtt://127.0.0.1:${port}`);
    const message = { time: new Date(systemClock.now()).toISOString(), temperature: 21.5 };
    await until('the temperature is read', async () => {
      await device.publishAsync('sensors/lobby/state', JSON.stringify(message));
      return readings.some((r) => r.point === 'temperature' && r.value === 21.5 && r.quality === 'good');
    });
    await device.endAsync();
    await connection.close();
  });

  test('says what to do about each certificate that does not fit', async () => {
    expect(await refusal({})).toMatchObject({ kind: 'no-answer', hint: expect.stringContaining('under `ca`') });
    expect(await refusal({ ca: path('stranger.pem') })).toMatchObject({ hint: expect.stringContaining('under `ca`') });
    expect(await refusal({ ca: path('ca.pem') })).toMatchObject({ hint: expect.stringMatching(/certificate/) });
    expect(await refusal({ ...good(), certificate: path('unknown.pem') })).toMatchObject({
      kind: 'no-answer',
      hint: expect.stringMatching(/certificate/),
    });
    expect(await refusal({ ...good(), key: path('broker.key') })).toMatchObject({
      hint: expect.stringContaining('`key`'),
    });
    expect(await refusal({ ...good(), ca: path('nowhere.pem') })).toMatchObject({
      message: expect.stringContaining('nowhere.pem cannot be read (ENOENT)'),
    });
    expect(await refusal({ ...good(), url: `mqtts://localhost:${securePort}` })).toMatchObject({
      hint: expect.stringContaining('another name'),
    });
  });
});
