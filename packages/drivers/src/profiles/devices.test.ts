import { join } from 'node:path';
import { expect, it } from 'vitest';
import { devicesDocument } from '../../test/devices-document.ts';

const page = join(import.meta.dirname, '../../../../docs/devices.md');

it('the page of devices lists every profile as it is; `npx vitest run --project unit -u devices.test` writes it anew', async () => {
  await expect(devicesDocument()).toMatchFileSnapshot(page);
});
