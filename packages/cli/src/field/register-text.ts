import type { Interpretation, RegisterProbe } from '@plantroom/drivers/modbus';
import { columns } from './columns.ts';

/** What was read, raw, and under it every type (down) in every order (across), a table for each address. */
export function registerText(where: string, probe: RegisterProbe): string[] {
  const { unit, area, address, words, milliseconds, interpretations } = probe;
  const last = address + words.length - 1;
  const range = last > address ? `${address} to ${last}` : String(address);
  const title = `${where}, unit ${unit}, ${areaName(area)} ${range}: answered in ${Math.round(milliseconds)} ms`;
  if (area === 'coil' || area === 'discrete') return [title, '', ...bitTable(address, words)];
  const byAddress = Map.groupBy(interpretations, (i) => i.address);
  return [
    title,
    '',
    ...wordTable(address, words),
    ...[...byAddress].flatMap(([at, list]) => ['', ...valueTable(at, list)]),
  ];
}

export function areaName(area: RegisterProbe['area']): string {
  const names = { holding: 'holding registers', input: 'input registers', coil: 'coils', discrete: 'discrete inputs' };
  return names[area];
}

function bitTable(address: number, bits: readonly number[]): string[] {
  const rows = bits.map((bit, at) => [String(address + at), hex(address + at), String(bit)]);
  return columns({ head: ['address', '', 'bit'], rows, right: [0, 1, 2], indent: 2 });
}

function wordTable(address: number, words: readonly number[]): string[] {
  const rows = words.map((word, at) => [
    String(address + at),
    hex(address + at),
    String(word),
    hex(word),
    word
      .toString(2)
      .padStart(16, '0')
      .replace(/(.{4})(?=.)/g, '$1 '),
    String.fromCharCode(word >> 8, word & 0xff).replace(/[^ -~]/g, '.'),
  ]);
  return columns({ head: ['address', '', 'raw', 'hex', 'bits 15 to 0', 'text'], rows, right: [0, 1, 2], indent: 2 });
}

function valueTable(address: number, list: readonly Interpretation[]): string[] {
  const orders = [...new Set(list.map((i) => i.order))];
  const rows = [...Map.groupBy(list, (i) => i.type)].map(([type, ways]) => [
    type,
    ...orders.map((order) => {
      const way = ways.find((w) => w.order === order);
      return way ? numberText(way.value) : '';
    }),
  ]);
  const right = orders.map((_, at) => at + 1);
  return columns({ head: [`from ${address}`, ...orders], rows, right, indent: 2 });
}

/** Seven digits, as many as a 32-bit float carries; integers in full; a dash where the bytes make no value. */
export function numberText(value: number | bigint | undefined): string {
  if (value === undefined) return '-';
  if (typeof value === 'bigint' || Number.isInteger(value)) {
    const text = String(value);
    return text.length > 21 ? Number(value).toPrecision(7) : text;
  }
  return Number.isFinite(value) ? String(Number(value.toPrecision(7))) : String(value);
}

function hex(word: number): string {
  return `0x${word.toString(16).toUpperCase().padStart(4, '0')}`;
}
