import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('the library is loaded only for a site that has an OPC UA connection', () => {
  const program = `
    import { registerHooks } from 'node:module';
    import { silentLogger, systemClock } from '@plantroom/base';
    import { prepareConnection } from '../prepare.ts';
    let loaded = false;
    registerHooks({
      load(url, context, next) {
        loaded ||= url.includes('/node-opcua/');
        return next(url, context);
      },
    });
    const context = { clock: systemClock, logger: silentLogger, directory: '.', dataDirectory: '.', secret: () => undefined };
    await prepareConnection('mqtt', 'm', 'mqtt://192.0.2.1', [], context);
    const without = loaded;
    await prepareConnection('opc-ua', 'o', 'opc.tcp://192.0.2.1:4840', [], context);
    console.log(JSON.stringify([without, loaded]));
  `;
  const args = ['--input-type=module-typescript', '-e', program];
  expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: import.meta.dirname }))).toEqual([
    false,
    true,
  ]);
});
