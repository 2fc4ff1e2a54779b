import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionsFromArguments as cloudOptions } from '@plantroom/cloud/main';
import { optionsFromArguments as gatewayOptions } from '@plantroom/gateway/main';
import { temporaryDirectory } from '@plantroom/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeSecrets } from '../../packages/cli/src/stack/secrets.ts';
import { parseOptions as simulatorOptions } from '../../simulators/src/options.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly [key: string]: unknown;
}

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const lasting = services.filter(([, s]) => s.restart === 'unless-stopped');

/** As compose fills a variable that nobody has set. */
const filled = (value: string) => value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
const mounts = services.flatMap(([name, { volumes = [] }]) =>
  volumes.map((volume) => {
    const [source = '', target = '', mode] = filled(volume).split(':');
    return { name, source, target, mode };
  }),
);

/** A folder as `setup` fills it: what the containers see below /run/plantroom. */
const folder = temporaryDirectory('plantroom-compose');
const secrets = join(folder.path, 'secrets');
makeSecrets(secrets, ['mosquitto', 'localhost']);
afterAll(() => folder.remove());

function commandOf(name: string): string[] {
  const command = compose.services[name]?.command ?? [];
  return command.map((word) => filled(word));
}

/** `--a=b` as the parsers of the processes take it, paths as on this machine. */
function argumentsOf(name: string, skip: number): string[] {
  const config = join(folder.path, 'cloud.yaml');
  writeFileSync(config, read('deploy/cloud.yaml').replaceAll('/run/plantroom', secrets));
  return commandOf(name)
    .slice(skip)
    .map((word) => word.replace('/etc/plantroom/cloud.yaml', config).replaceAll('/run/plantroom', secrets));
}

describe('docker-compose.yml', () => {
  test('names images by a pinned tag, and a file to build ours from', () => {
    for (const [name, { image, build }] of services) {
      expect(image, name).toMatch(/^[a-z-]+:\d+\.\d+(?:\.\d+)?$/);
      if (build) expect(existsSync(join(root, build.context, build.dockerfile)), name).toBe(true);
    }
    const { version } = JSON.parse(read('packages/cli/package.json')) as { version: string };
    expect(compose.services.cloud?.image).toBe(`plantroom:${version}`);
  });

  test('gives no service more than it needs', () => {
    for (const [name, service] of services) {
      expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(service.security_opt, name).toContain('no-new-privileges:true');
      expect(service.privileged, name).toBeUndefined();
      // `setup` gives files to the users of the others.
      if (name !== 'setup') expect(service.user, name).not.toBe('root');
    }
  });

  test('watches, restarts, bounds and stops gently what lasts', () => {
    expect(lasting.map(([name]) => name)).toEqual(
      expect.arrayContaining(['mosquitto', 'influxdb', 'postgres', 'cloud', 'ingest', 'gateway', 'simulators']),
    );
    for (const [name, service] of lasting) {
      expect(service.healthcheck, name).toMatchObject({ test: expect.any(Array), interval: expect.any(String) });
      expect(service.mem_limit, name).toMatch(/^\d+[mg]$/);
      expect(service.logging, name).toBeDefined();
    }
  });

  test('mounts files that are there, and volumes that are declared; none is left over', () => {
    for (const { name, source, target } of mounts) {
      if (source.startsWith('./')) expect(existsSync(join(root, source)), `${name}: ${source}`).toBe(true);
      else expect(Object.keys(compose.volumes), name).toContain(source);
      expect(target, name).toMatch(/^\//);
    }
    const used = new Set(mounts.map(({ source }) => source));
    for (const volume of Object.keys(compose.volumes)) expect(used, volume).toContain(volume);
  });

  test('gives the gateway the whole folder of its site, with a place for the secrets in it', () => {
    const site = mounts.find(({ name, target }) => name === 'gateway' && target === '/etc/plantroom/site');
    expect(site).toMatchObject({ source: './deploy/demo', mode: 'ro' });
    // Nothing can be made below a mount that is read-only.
    expect(existsSync(join(root, site?.source ?? '', 'secrets'))).toBe(true);
  });

  test('shows secrets to their consumers alone, read-only; the key of the authority to nobody', () => {
    for (const { name, source, mode } of mounts) {
      if (!/^(?:secrets-|authority)/.test(source) || name === 'setup') continue;
      expect(source, name).not.toBe('authority');
      expect(mode, `${name}: ${source}`).toBe('ro');
    }
    expect(text).not.toMatch(/(?:PASSWORD|TOKEN):/);
  });

  test('names only secrets that `plantroom stack secrets` makes', () => {
    const named = [text, read('deploy/cloud.yaml'), read('deploy/mosquitto/mosquitto.conf')].join('\n');
    const files = new Set(named.match(/\/run\/plantroom\/[a-z]+\/[a-z.-]+/g));
    expect(files.size).toBeGreaterThan(8);
    for (const file of files) expect(existsSync(file.replace('/run/plantroom', secrets)), file).toBe(true);
    for (const file of ['ca.pem', 'gateway-secret', 'device-password'])
      expect(existsSync(join(secrets, 'gateway', file)), file).toBe(true);
  });

  test('has a default and a word in the handbook for every variable', () => {
    const variables = [...text.matchAll(/(?<!\$)\$\{(\w+)(:-[^}]*)?\}/g)];
    expect(variables.length).toBeGreaterThan(4);
    for (const [whole, name = '', fallback] of variables) {
      expect(fallback, whole).toBeDefined();
      expect(read('docs/operations.md'), name).toContain(name);
    }
  });

  test('waits for services that there are, in a way that they have', () => {
    for (const [name, { depends_on = {}, network_mode }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const waited = compose.services[other];
        expect(waited, `${name} waits for ${other}`).toBeDefined();
        if (condition === 'service_healthy') expect(waited?.healthcheck, other).toBeDefined();
        else expect(waited?.restart, other).not.toBe('unless-stopped');
      }
      if (typeof network_mode === 'string' && network_mode.startsWith('service:'))
        expect(compose.services[network_mode.slice('service:'.length)]).toBeDefined();
    }
  });

  test('publishes and calls ports on which somebody listens', () => {
    const listening: Record<string, string> = {
      mosquitto: /^listener (\d+)$/m.exec(read('deploy/mosquitto/mosquitto.conf'))?.[1] ?? '',
      cloud: /--port=(\d+)/.exec(commandOf('cloud').join(' '))?.[1] ?? '',
      influxdb: '8086',
      postgres: '5432',
    };
    for (const [name, { ports = [] }] of services)
      for (const port of ports) expect(filled(port).split(':').at(-1), name).toBe(listening[name]);
    // Without TLS it is for this machine alone, unless told.
    expect(compose.services.cloud?.ports?.map(filled)).toEqual(['127.0.0.1:8080:8080']);
    const calls = `${read('deploy/cloud.yaml')}\n${commandOf('gateway').join('\n')}`;
    const called = [...calls.matchAll(/\w+:\/\/(?:\w+@)?([a-z]+):(\d+)/g)].map(([, host, port]) => [host, port]);
    expect(called.map(([host]) => host)).toEqual(['mosquitto', 'postgres', 'influxdb', 'mosquitto']);
    for (const [host = '', port] of called) expect(port, host).toBe(listening[host]);
  });

  test('gives its processes options that they understand', () => {
    expect(cloudOptions(argumentsOf('cloud', 1))).toMatchObject({
      roles: ['api', 'jobs'],
      host: '0.0.0.0',
      records: { store: 'postgres' },
      timeSeries: { store: 'influx-v2' },
      broker: { url: 'mqtts://mosquitto:8883' },
    });
    expect(cloudOptions(argumentsOf('ingest', 1))).toMatchObject({ roles: ['ingest'] });
    expect(commandOf('enrol').slice(0, 2)).toEqual(['cloud', 'enrol']);
    expect(commandOf('gateway').slice(0, 2)).toEqual(['gateway', 'run']);
    const [site = '', ...rest] = argumentsOf('gateway', 2);
    expect(site).toBe('/etc/plantroom/site/site.yaml');
    expect(gatewayOptions(['--site', join(root, 'deploy/demo/site.yaml'), ...rest])).toMatchObject({
      statusPort: 8081,
    });
  });

  test('lets the simulated building stand where its site file looks for it', () => {
    const { ports } = simulatorOptions(argumentsOf('simulators', 2));
    const site = read('deploy/demo/site.yaml');
    for (const port of [ports?.opcua, ports?.pumps, ports?.metersA, ports?.metersB, ports?.fire, 11_883])
      expect(site).toContain(String(port));
  });
});

describe('the image', () => {
  const dockerfile = read('deploy/Dockerfile').replace(/\\\n\s*/g, '');
  const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const all = (instruction: string) =>
    lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));

  test('stands on a pinned Node that the project supports, and is not run as root', () => {
    const stages = new Set(all('FROM').flatMap((from) => / AS (\w+)$/.exec(from)?.[1] ?? []));
    for (const from of all('FROM')) {
      const [image = ''] = from.split(' ');
      if (!stages.has(image)) expect(image).toMatch(/^node:24\.\d+\.\d+-bookworm-slim$/);
    }
    expect(all('USER').at(-1)).toBe('node');
    expect(lines.findLastIndex((l) => l.startsWith('USER'))).toBeGreaterThan(
      lines.findLastIndex((l) => l.startsWith('RUN')),
    );
  });

  test('copies what is there and what the build is shown, and the manifest of every package', () => {
    const shown = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const copy of all('COPY')) {
      if (copy.startsWith('--from=')) continue;
      for (const source of copy.split(' ').slice(0, -1)) {
        expect(existsSync(join(root, source)), source).toBe(true);
        expect(
          shown.some((path) => source === path || source.startsWith(`${path}/`)),
          source,
        ).toBe(true);
      }
    }
    for (const manifest of globSync(['packages/*/package.json', 'simulators/package.json'], { cwd: root }))
      expect(dockerfile).toContain(`COPY ${manifest} `);
  });

  test('installs packages without what they only suggest, and leaves no lists behind', () => {
    for (const run of all('RUN').filter((line) => line.includes('apt-get'))) {
      expect(run).toContain('--no-install-recommends');
      expect(run).toContain('rm -rf /var/lib/apt/lists/*');
    }
    expect(dockerfile).not.toMatch(/^ADD |curl|wget|:latest/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["plantroom"\]$/m);
  });
});
