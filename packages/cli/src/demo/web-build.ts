import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PlantroomError } from '@plantroom/base';
import { projectDirectory } from '../config.ts';

const web = join(projectDirectory, 'packages', 'web');
/** Where the built dashboard is. */
export const webDirectory = join(web, 'dist');

/** What the build is made of. */
const sources = [
  web,
  join(projectDirectory, 'packages', 'model', 'src'),
  join(projectDirectory, 'packages', 'operations', 'src'),
  join(projectDirectory, 'package-lock.json'),
];

/** Builds the dashboard if there is no build or a source is newer; resolves to whether it built. */
export async function buildWebIfNeeded(): Promise<boolean> {
  const index = join(webDirectory, 'index.html');
  if (existsSync(index) && statSync(index).mtimeMs >= newest(sources)) return false;
  // Built beside and moved into place, so that another demo never serves half of it.
  const fresh = join(projectDirectory, 'node_modules', '.cache', `plantroom-web-${process.pid}`);
  const old = `${fresh}-old`;
  mkdirSync(dirname(fresh), { recursive: true });
  await runVite(['build', web, '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn']);
  if (existsSync(webDirectory)) renameSync(webDirectory, old);
  renameSync(fresh, webDirectory);
  rmSync(old, { recursive: true, force: true });
  return true;
}

/** The newest modification of a file or of anything in a folder, ms since 1970 UTC; built and installed files apart. */
export function newest(paths: readonly string[]): number {
  return Math.max(
    0,
    ...paths.map((path) => {
      const entry = statSync(path, { throwIfNoEntry: false });
      if (!entry) return 0;
      if (!entry.isDirectory()) return entry.mtimeMs;
      const inside = readdirSync(path).filter((name) => name !== 'dist' && name !== 'node_modules');
      return newest(inside.map((name) => join(path, name)));
    }),
  );
}

function runVite(args: readonly string[]): Promise<void> {
  const vite = join(projectDirectory, 'node_modules', 'vite', 'bin', 'vite.js');
  const child = spawn(process.execPath, [vite, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (t: string) => output.push(t));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new PlantroomError('demo-web-build', `The dashboard could not be built:\n${output.join('').trimEnd()}`, {
              hint: '\nRun npm ci once more; if it stays, npm run build shows the same error.',
            }),
          ),
    );
  });
}
