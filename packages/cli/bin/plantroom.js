#!/usr/bin/env node
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Plain JavaScript, so that an older Node reaches the message instead of stumbling over TypeScript.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Plantroom needs Node.js 24 or newer; this is ${process.version}. Start it through npm inside the project ` +
      '(npm run demo, npx plantroom ...): after npm ci the project brings Node 24 with it on Linux (x64, arm64) and ' +
      'Windows (x64). On other systems, or elsewhere, install Node.js 24 first.',
  );
  process.exit(1);
}
// A gateway that starts reads its site file after this moment, so whoever asks for that now needs no more than that it does not end.
if (process.argv[2] === 'gateway' && process.argv[3] === 'run') process.on('SIGHUP', () => {});
// Node keeps what it made of the sources: later starts are twice as fast and take 30 MB less. Threads and child processes
// find the folder in the environment.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../../node_modules/.cache/plantroom', import.meta.url));
module.enableCompileCache();
const { runCommandLine } = await import('../src/main.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
