import { expect, test } from 'vitest';
import { installCommand, missingServices, services } from './services.ts';

test('a package counts as there only when it is installed', () => {
  const all = services.map((s) => `${s.package} installed`).join('\n');
  expect(missingServices(all)).toEqual([]);
  const removed = all.replace('mbpoll installed', 'mbpoll config-files');
  expect(missingServices(removed).map((s) => s.package)).toEqual(['mbpoll']);
  expect(missingServices('')).toHaveLength(services.length);
});

test('the command names what is missing and nothing else', () => {
  const missing = services.filter((s) => s.package === 'mbpoll');
  expect(installCommand(missing)).toBe(
    "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends mbpoll'",
  );
});
