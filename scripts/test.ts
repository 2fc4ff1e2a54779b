// npm test: what the tests need, the web build, style and types, then every test. Nothing is skipped in silence.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@plantroom/base';
import { setUp, withoutServices } from './setup.ts';

const bin = join(import.meta.dirname, '..', 'node_modules', '.bin');

/** Runs a step with its output shown; returns whether it passed. */
function step(title: string, command: string, ...args: string[]): boolean {
  console.log(`\n== ${title}`);
  const start = systemClock.monotonic();
  const { status } = spawnSync(join(bin, command), args, { stdio: 'inherit', cwd: join(import.meta.dirname, '..') });
  console.log(
    `== ${title}: ${status === 0 ? 'done' : 'FAILED'} in ${((systemClock.monotonic() - start) / 1000).toFixed(0)} s`,
  );
  return status === 0;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { assertionResults: readonly { status: string; fullName: string }[] }[];
}

/** Runs all tests: first the fast ones, then those that start the whole line, one file at a time. */
function runTests(): { passed: boolean; summary: string } {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-test-'));
  const file = join(folder, 'report.json');
  try {
    const passed = step('tests', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`);
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    const skipped = report.testResults.flatMap((r) =>
      r.assertionResults.filter((a) => a.status === 'pending' || a.status === 'skipped'),
    );
    for (const test of skipped) console.log(`skipped: ${test.fullName}`);
    const counts = `${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests + report.numTodoTests} skipped`;
    return { passed, summary: counts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(): number {
  if (!setUp()) return 1;
  const failed: string[] = [];
  const required = (title: string, command: string, ...args: string[]) => {
    if (!step(title, command, ...args)) failed.push(title);
  };
  required('web build', 'vite', 'build', 'packages/web', '--logLevel', 'warn');
  required('style', 'biome', 'check', '.');
  required('types', 'tsc', '--noEmit');
  required('types of the web', 'tsc', '--noEmit', '-p', 'packages/web');
  const tests = runTests();
  if (!tests.passed) failed.push('tests');
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}.`);
  if (withoutServices) console.log('Left out by PLANTROOM_TEST_SERVICES=none: see the head of this output.');
  console.log(tests.summary);
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = main();
