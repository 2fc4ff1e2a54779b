// What the tests need from Debian. As root it installs what is missing; otherwise it stops with the one command to run.
// PLANTROOM_TEST_SERVICES=none goes on without and says what is left out.
import { spawnSync } from 'node:child_process';
import { installCommand, missingServices, services } from './services.ts';

export const withoutServices = process.env.PLANTROOM_TEST_SERVICES === 'none';

/** Resolves the needs of the tests; returns false when they cannot run. */
export function setUp(): boolean {
  if (withoutServices) {
    console.log('PLANTROOM_TEST_SERVICES=none, so these are left out:');
    for (const service of services) console.log(`  ${service.package}: ${service.needs}`);
    return true;
  }
  const missing = missingServices(askDebian());
  if (missing.length === 0) {
    console.log(`Everything that the tests need is installed: ${services.map((s) => s.package).join(', ')}.`);
    return true;
  }
  console.log(`Not installed: ${missing.map((s) => s.package).join(', ')}.`);
  if (process.getuid?.() === 0) return install(missing.map((s) => s.package));
  console.error(`Run this once, then again what you ran:

  ${installCommand(missing)}

Or set PLANTROOM_TEST_SERVICES=none to run the tests without what needs them.`);
  return false;
}

function askDebian(): string {
  const names = services.map((s) => s.package);
  // Its exit code only says that one of the packages is unknown; the others are listed all the same.
  return (
    spawnSync('dpkg-query', ['-W', '-f', `$\{Package} $\{db:Status-Status}\\n`, ...names], { encoding: 'utf8' })
      .stdout ?? ''
  );
}

function install(names: readonly string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-q'],
    ['install', '-q', '-y', '--no-install-recommends', ...names],
  ]) {
    console.log(`apt-get ${args.join(' ')}`);
    const { status, error } = spawnSync('apt-get', args, { stdio: 'inherit', env: environment });
    if (status === 0) continue;
    console.error(
      error
        ? 'apt-get is not here: the full tests run on Debian 12 or newer. PLANTROOM_TEST_SERVICES=none runs the rest.'
        : `apt-get ${args[0]} failed. Set PLANTROOM_TEST_SERVICES=none to run the tests without ${names.join(', ')}.`,
    );
    return false;
  }
  return true;
}

if (import.meta.main) process.exitCode = setUp() ? 0 : 1;
