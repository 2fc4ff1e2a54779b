import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from './certificates.ts';
import { freePort } from './free-port.ts';
import { run, startProcess } from './process.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { until } from './until.ts';

/** Debian's mosquitto with its dynamic security, on free ports of 127.0.0.1 and in a fresh folder. */
export interface RunningMosquitto {
  /** `mqtt://`, without TLS. */
  readonly url: string;
  /** `mqtts://`, with a certificate of `ca`. */
  readonly secureUrl: string;
  /** `mqtts://`, where a client's certificate says who it is. */
  readonly certifiedUrl: string;
  /** PEM of the authority. */
  readonly ca: string;
  /** PEM of a certificate of `ca` for the user `cloud`, and of its key. */
  readonly cloud: { readonly cert: string; readonly key: string };
  /** Who may change users and roles. */
  readonly admin: { readonly username: string; readonly password: string };
  /** Ends it with a signal (SIGTERM unless told); what it keeps on disk stays. */
  pause(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

export async function startMosquitto(): Promise<RunningMosquitto> {
  const folder = temporaryDirectory('plantroom-mosquitto');
  const at = (name: string) => join(folder.path, name);
  const admin = { username: 'admin', password: 'a-password-of-the-admin' };
  makeAuthority(folder.path, 'ca');
  makeCertificate(folder.path, 'broker', '127.0.0.1', 'ca');
  makeCertificate(folder.path, 'cloud', 'cloud', 'ca');
  const init = ['dynsec', 'init', at('dynamic-security.json'), admin.username, admin.password];
  const made = await run('mosquitto_ctrl', init);
  if (made.code !== 0) throw new Error(`mosquitto_ctrl failed: ${made.stdout}${made.stderr}`);
  const [port, securePort, certifiedPort] = [await freePort(), await freePort(), await freePort()];
  const tls = [`cafile ${at('ca.pem')}`, `certfile ${at('broker.pem')}`, `keyfile ${at('broker.key')}`];
  const lines = [
    'user root',
    'allow_anonymous false',
    'max_packet_size 4194304',
    `plugin ${globSync('/usr/lib/*/mosquitto_dynamic_security.so')[0]}`,
    `plugin_opt_config_file ${at('dynamic-security.json')}`,
    'persistence true',
    `persistence_location ${folder.path}/`,
    `listener ${port} 127.0.0.1`,
    `listener ${securePort} 127.0.0.1`,
    ...tls,
    `listener ${certifiedPort} 127.0.0.1`,
    ...tls,
    'require_certificate true',
    'use_identity_as_username true',
  ];
  writeFileSync(at('mosquitto.conf'), `${lines.join('\n')}\n`);
  const start = () => startProcess('mosquitto', ['-c', at('mosquitto.conf')]);
  let server = start();
  const listens = () => until('mosquitto listens', () => accepts(port), { timeout: 10_000, every: 20 });
  await listens().catch((thrown) => {
    throw new Error(`${thrown.message}; ${server.stderr().slice(-2000)}`);
  });
  const pause = async (signal?: NodeJS.Signals) => void (await server.stop(signal));
  return {
    url: `mqtt://127.0.0.1:${port}`,
    secureUrl: `mqtts://127.0.0.1:${securePort}`,
    certifiedUrl: `mqtts://127.0.0.1:${certifiedPort}`,
    ca: readFileSync(at('ca.pem'), 'utf8'),
    cloud: { cert: readFileSync(at('cloud.pem'), 'utf8'), key: readFileSync(at('cloud.key'), 'utf8') },
    admin,
    pause,
    async resume() {
      server = start();
      await listens();
    },
    async stop() {
      await pause();
      folder.remove();
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
