import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ConfigError } from '@plantroom/base';
import { YamlFile } from '@plantroom/base/yaml';
import { z } from 'zod';
import type { Reading } from '../src/contract.ts';
import { itemsOf } from '../src/modbus/items.ts';
import { planBlocks } from '../src/modbus/plan.ts';
import { parametersOf } from '../src/parameters.ts';
import { areas } from '../src/profiles/schema.ts';
import { bindingOf } from './builders.ts';

const folder = join(import.meta.dirname, '../src/profiles/testcases');
const figures = z.record(z.string(), z.number()).default({});

const registerCase = z.strictObject({
  profile: z.string(),
  area: z.enum(areas),
  options: figures,
  ratings: figures,
  /** Point: its address, its registers as the wire brings them, and its value or the reason why it has none. */
  points: z.record(z.string(), z.tuple([z.number(), z.string(), z.union([z.number(), z.string()])])),
  /** Property: its address, its registers, and its text. */
  properties: z.record(z.string(), z.tuple([z.number(), z.string(), z.string()])).default({}),
});
export type RegisterCase = z.output<typeof registerCase>;

const messageCase = z.strictObject({
  profile: z.string(),
  device: z.string(),
  topic: z.string(),
  message: z.unknown(),
  values: z.record(z.string(), z.union([z.number(), z.string()])),
});

const sunSpecCase = z.strictObject({
  device: z.string(),
  base: z.number(),
  parameters: figures,
  /** From the marker to the end model, hexadecimal. */
  registers: z.string().transform((text) =>
    text
      .trim()
      .split(/\s+/)
      .map((word) => Number.parseInt(word, 16)),
  ),
  found: z.strictObject({ id: z.number(), address: z.number() }),
  values: z.record(z.string(), z.union([z.number(), z.string()])),
  properties: z.record(z.string(), z.string()),
});
export type SunSpecCase = z.output<typeof sunSpecCase>;

function read<S extends z.ZodType>(files: string, schema: S): z.output<S>[] {
  return globSync(files, { cwd: folder }).flatMap((file) => {
    const found = YamlFile.parse(readFileSync(join(folder, file), 'utf8'), basename(file)).read(z.array(schema));
    if (!('value' in found)) throw new ConfigError(found.problems);
    return found.value;
  });
}

/** What Modbus devices answer and what that means, as `profiles/testcases` has it. */
export function registerCases(): RegisterCase[] {
  return read('registers-*.yaml', registerCase);
}

/** Whole SunSpec devices and what is found in them. */
export function sunSpecCases(): SunSpecCase[] {
  return read('sunspec-*.yaml', sunSpecCase);
}

/** What MQTT devices send and what that means. */
export function messageCases(): z.output<typeof messageCase>[] {
  return read('messages-*.yaml', messageCase);
}

/** Reads a case's registers by its profile, planned and decoded as on a bus; what the case does not give reads as zero. */
export function readRegisters(given: RegisterCase): Map<string, Pick<Reading, 'value' | 'quality' | 'reason'>> {
  const binding = bindingOf('device', given.profile, given.options, given.ratings);
  const { profile } = binding;
  if (profile.protocol !== 'modbus') throw new TypeError(`${given.profile} is not read over Modbus`);
  const image = new Map<string, Buffer>();
  for (const [address, words] of Object.values(given.points)) {
    for (const [i, word] of words.split(' ').entries()) {
      image.set(`${given.area} ${address + i}`, Buffer.from(word, 'hex'));
    }
  }
  const settings = { kind: binding.kind, profile, addressOffset: 0, parameters: parametersOf(binding) };
  return new Map(
    planBlocks(itemsOf(settings), profile.modbus).flatMap((block) => {
      const words = Array.from({ length: block.length }, (_, i) => image.get(`${block.area} ${block.address + i}`));
      const bytes = Buffer.concat(words.map((word) => word ?? Buffer.alloc(2)));
      return block.items.map((item) => [item.point, item.read(bytes, item.address - block.address)] as const);
    }),
  );
}
