import { pathToFileURL } from 'node:url';
import { describeError, untilSignal } from '@plantroom/base';
import type { Gateway } from './app.ts';
import { type GatewayOptions, optionsFromArguments } from './config/index.ts';

export type { GatewayOptions } from './config/index.ts';
export { optionsFromArguments } from './config/index.ts';

/**
 * Runs the gateway until SIGINT, SIGTERM or a failure of its log; SIGHUP reads the site file again, after the start when it
 * comes during it. Prints JSON lines on standard output for a program that started it: `{"ready":true,...}` once, and
 * `{"history":{"done":n,"total":n}}` in bytes as a history comes in. What it makes on the disk is readable by its own user alone.
 */
export async function runGateway(options: GatewayOptions): Promise<void> {
  // The data directory holds keys, readings and people's names: what this process makes is its own user's alone.
  process.umask(0o077);
  const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const signal = untilSignal();
  // Before the modules of the gateway are loaded: a SIGHUP that nobody takes would end the process.
  const started = Promise.withResolvers<Gateway>();
  process.on('SIGHUP', () => {
    started.promise
      .then((running) => running.reload())
      .catch((thrown: unknown) => process.stderr.write(`${describeError(thrown)}\n`));
  });
  const { startGateway } = await import('./app.ts');
  const gateway = await startGateway({
    ...options,
    onHistory: (done, total) => {
      options.onHistory?.(done, total);
      say({ history: { done, total } });
    },
  });
  say({ ready: true, ...(gateway.statusPort === undefined ? {} : { statusPort: gateway.statusPort }) });
  gateway.history.catch((thrown: unknown) => {
    process.stderr.write(`${describeError(thrown)}\n`);
    say({ history: { failed: describeError(thrown) } });
  });
  started.resolve(gateway);
  const failed = await Promise.race([signal.then(() => undefined), gateway.failed]);
  await gateway.stop();
  if (failed) throw failed;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  try {
    await runGateway(optionsFromArguments(process.argv.slice(2)));
    // A field library may leave a timer behind; everything of ours is closed.
    process.exit(0);
  } catch (thrown) {
    process.stderr.write(`${describeError(thrown)}\n`);
    process.exit(1);
  }
