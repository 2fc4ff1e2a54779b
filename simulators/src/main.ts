import { describeError, untilSignal } from '@plantroom/base';
import { createLogger } from '@plantroom/base/logger';
import { startSimulators } from './app.ts';
import { parseOptions } from './options.ts';

try {
  const stopped = untilSignal();
  const simulators = await startSimulators({
    ...parseOptions(process.argv.slice(2)),
    logger: createLogger('simulators'),
  });
  process.stdout.write(`${JSON.stringify({ ready: true, ports: simulators.ports })}\n`);
  await stopped;
  await simulators.stop();
  process.exit(0);
} catch (thrown) {
  process.stderr.write(`simulators: ${describeError(thrown)}\n`);
  process.exit(1);
}
