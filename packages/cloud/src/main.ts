import { describeError, PlantroomError, randomSecret, systemClock, untilSignal } from '@plantroom/base';
import { createLogger } from '@plantroom/base/logger';
import { type Cloud, startCloud } from './app.ts';
import { type Enrolment, optionsFromArguments, parseEnrolment, type RunOptions } from './config.ts';
import { readCloudFile } from './config-file.ts';
import { enrolAt } from './ingest/enrol.ts';
import { readSecret, writeSecret } from './secret-file.ts';

export { optionsFromArguments };

/**
 * Runs the cloud as a process: prints one JSON line on standard output when it is ready, ends at SIGINT or SIGTERM, also
 * while it waits for its stores.
 */
export async function runCloud(options: RunOptions): Promise<void> {
  const logger = options.logger ?? createLogger('cloud');
  const stopping = new AbortController();
  const stopped = untilSignal().then(() => stopping.abort());
  const cloud = await startCloud({ ...options, logger, signal: stopping.signal }).catch((thrown) => {
    if (!stopping.signal.aborted) throw thrown;
  });
  if (!cloud) return;
  for (const enrolment of options.enrol ?? []) await enrol(cloud, enrolment);
  if (options.apiTokenFile) await writeSecret(options.apiTokenFile, await cloud.createApiToken());
  if (options.signInTokenFile) await writeSecret(options.signInTokenFile, await cloud.createSignInToken());
  const { url, port, mqttPort } = cloud;
  process.stdout.write(`${JSON.stringify({ ready: true, service: 'cloud', url, port, mqttPort, pid: process.pid })}\n`);
  await stopped;
  await cloud.stop();
}

/** The secret stays the same over restarts, so that the gateway beside it keeps its credential. */
async function enrol(cloud: Cloud, { site, gateway, secretFile }: Enrolment): Promise<void> {
  const held = await readSecret(secretFile);
  const secret = await cloud.enrolGateway(site, gateway, held);
  if (held === undefined) await writeSecret(secretFile, secret);
}

/**
 * Enrols gateways (`site/gateway:secret-file`) at the broker that runs by itself and is named in the configuration file,
 * and gives the cloud's own user its rights there; says what was done, a line each. Missing secret files are written.
 */
export async function enrolAtBroker(
  config: string,
  gateways: readonly string[],
  say: (line: string) => void = console.log,
): Promise<void> {
  const { broker } = readCloudFile(config);
  if (!broker)
    throw new PlantroomError('enrolment', `${config} names no broker`, {
      hint: 'Gateways of the embedded broker are enrolled by the cloud itself: plantroom cloud --enrol.',
    });
  const enrolments = gateways.map(parseEnrolment);
  await enrolAt(broker, systemClock, createLogger('enrol'), async (at) => {
    await at.service();
    say(`${broker.url}: the cloud has its rights.`);
    for (const { site, gateway, secretFile } of enrolments) {
      const held = await readSecret(secretFile);
      const secret = held ?? randomSecret();
      // Before the broker knows it: a secret that nobody has kept would lock the gateway out.
      if (held === undefined) await writeSecret(secretFile, secret);
      await at.gateway({ site, gateway }, secret);
      say(`${broker.url}: ${site}/${gateway} signs in with the secret in ${secretFile}.`);
    }
  });
}

if (import.meta.main)
  try {
    await runCloud(optionsFromArguments(process.argv.slice(2)));
  } catch (thrown) {
    process.stderr.write(`plantroom cloud: ${describeError(thrown)}\n`);
    process.exitCode = 1;
  }
