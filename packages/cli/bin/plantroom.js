#!/usr/bin/env node
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
const { runCommandLine } = await import('../src/main.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
