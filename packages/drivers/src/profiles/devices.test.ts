import { join } from 'node:path';
import { expect, it } from 'vitest';
import { devicesDocument } from '../../test/devices-document.ts';

const page = join(import.meta.dirname, '../../../../docs/devices.md');

// `npx vitest run --project unit packages/drivers/src/profiles/devices.test.ts --update` writes the page anew.
it('the page of devices lists every profile as it is', async () => {
  await expect(devicesDocument()).toMatchFileSnapshot(page);
});
