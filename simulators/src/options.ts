import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { coerceError, PlantroomError } from '@plantroom/base';
import { z } from 'zod';
import type { SimulatorOptions } from './app.ts';

const port = z.coerce.number().int().min(0).max(65_535).default(0);

const schema = z.object({
  data: z.string().min(1),
  seed: z.coerce.number().int().min(0).max(0x7fff_ffff).default(1),
  http: port,
  opcua: port,
  'modbus-pumps': port,
  'modbus-meters-a': port,
  'modbus-meters-b': port,
  'modbus-fire': port,
  mqtt: z.url({ protocol: /^mqtts?$/ }).optional(),
  'mqtt-user': z.string().optional(),
  'mqtt-password-file': z.string().optional(),
  history: z.string().optional(),
  'history-days': z.coerce.number().int().min(1).max(400).default(60),
  oracle: z.boolean().default(false),
});

/**
 * Options of the command line, described in README.md.
 * @throws PlantroomError `bad-option` naming each option that is wrong.
 */
export function parseOptions(args: readonly string[]): SimulatorOptions {
  const parsed = schema.safeParse(rawOptions(args));
  if (!parsed.success) {
    const list = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
    throw new PlantroomError('bad-option', list.join('; '), { hint: 'See simulators/README.md, Start.' });
  }
  const o = parsed.data;
  const user = o['mqtt-user'];
  const passwordFile = o['mqtt-password-file'];
  return {
    dataDirectory: o.data,
    seed: o.seed,
    ports: {
      http: o.http,
      opcua: o.opcua,
      pumps: o['modbus-pumps'],
      metersA: o['modbus-meters-a'],
      metersB: o['modbus-meters-b'],
      fire: o['modbus-fire'],
    },
    historyDays: o['history-days'],
    oracle: o.oracle,
    ...(o.history === undefined ? {} : { history: { file: o.history } }),
    ...(o.mqtt === undefined
      ? {}
      : {
          mqtt: {
            url: o.mqtt,
            ...(user === undefined ? {} : { user }),
            ...(passwordFile === undefined ? {} : { password: readPassword(passwordFile) }),
          },
        }),
  };
}

function rawOptions(args: readonly string[]): Record<string, string | boolean | undefined> {
  const names = Object.keys(schema.shape);
  const options = Object.fromEntries(
    names.map((name) => [name, { type: name === 'oracle' ? ('boolean' as const) : ('string' as const) }]),
  );
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values as Record<
      string,
      string
    >;
  } catch (thrown) {
    throw new PlantroomError('bad-option', coerceError(thrown).message, {
      hint: 'See simulators/README.md, Start.',
      cause: thrown,
    });
  }
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (thrown) {
    throw new PlantroomError(
      'bad-option',
      `--mqtt-password-file: cannot read ${file}: ${coerceError(thrown).message}`,
      {
        hint: 'The file holds the password and nothing else.',
        cause: thrown,
      },
    );
  }
}
