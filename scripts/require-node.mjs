// Loaded first (node --import) by scripts that are TypeScript, which an older Node cannot read.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `This script needs Node.js 24 or newer; this is ${process.version}. Start it through npm after npm ci: on Linux ` +
      '(x64, arm64) and Windows (x64) the project brings Node 24 with it. Elsewhere install Node.js 24 first.',
  );
  process.exit(1);
}
