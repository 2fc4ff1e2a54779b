import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@plantroom/testing';
import { expect, test } from 'vitest';
import { newest } from './web-build.ts';

test('the newest source counts, however deep; what was built or installed does not', () => {
  using folder = temporaryDirectory();
  const put = (path: string, second: number) => {
    const file = join(folder.path, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '');
    utimesSync(file, second, second);
  };
  put('src/a/b/deep.ts', 300);
  put('index.html', 200);
  put('dist/index.html', 900);
  put('node_modules/x/index.js', 800);
  put('single.json', 500);
  expect(newest([join(folder.path, 'src'), join(folder.path, 'index.html')])).toBe(300_000);
  expect(newest([folder.path])).toBe(500_000);
  expect(newest([join(folder.path, 'gone')])).toBe(0);
});
