import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeError, PlantroomError, untilSignal } from '@plantroom/base';
import { createLogger } from '@plantroom/base/logger';
import { type Cloud, startCloud } from './app.ts';
import { type Enrolment, optionsFromArguments, type RunOptions } from './config.ts';

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
  const held = existsSync(secretFile) ? (await readFile(secretFile, 'utf8')).trim() : undefined;
  if (held !== undefined && held.length < 32)
    throw new PlantroomError('enrolment', `${secretFile} does not hold a secret of 32 characters or more`, {
      hint: 'Remove the file; a fresh secret is then written.',
    });
  const secret = await cloud.enrolGateway(site, gateway, held);
  if (held === undefined) await writeSecret(secretFile, secret);
}

/** For the owner's eyes; renamed into place, so that a reader never sees half of it. */
async function writeSecret(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${text}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

if (import.meta.main)
  try {
    await runCloud(optionsFromArguments(process.argv.slice(2)));
  } catch (thrown) {
    process.stderr.write(`plantroom cloud: ${describeError(thrown)}\n`);
    process.exitCode = 1;
  }
