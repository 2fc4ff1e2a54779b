import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@plantroom/testing';
import type { RunningDemo } from './demo.ts';

/** A value as mbpoll reads it; PDU addresses count from 0 (`-0`), `swapped` is least significant word first. */
export interface Register {
  readonly port: number;
  readonly unit: number;
  readonly area: 'input' | 'holding';
  readonly address: number;
  readonly type: 'int' | 'float' | 'uint16';
  readonly order?: 'big' | 'swapped';
}

/** Asks mbpoll (Debian), a Modbus client that shares no line of code with us, for one value. */
export async function mbpoll({ port, unit, area, address, type, order = 'big' }: Register): Promise<number> {
  const table = area === 'input' ? '3' : '4';
  const format = { int: `${table}:int`, float: `${table}:float`, uint16: table }[type];
  const wide = type !== 'uint16' && order === 'big' ? ['-B'] : [];
  const args = [
    '-m',
    'tcp',
    '-p',
    `${port}`,
    '-a',
    `${unit}`,
    '-0',
    '-r',
    `${address}`,
    '-c',
    '1',
    '-t',
    format,
    ...wide,
  ];
  const { code, stdout, stderr } = await run('mbpoll', [...args, '-1', '-q', '127.0.0.1']);
  const value = new RegExp(`\\[${address}\\]:\\s+(\\S+)`).exec(stdout)?.[1];
  if (code !== 0 || value === undefined) throw new Error(`mbpoll failed (${code}): ${stdout}${stderr}`);
  return Number(value);
}

function credentials({ ports, data }: RunningDemo): string[] {
  const password = readFileSync(join(data, 'secrets', 'device-password'), 'utf8').trim();
  return ['-h', '127.0.0.1', '-p', String(ports.deviceBroker), '-u', 'devices', '-P', password];
}

/** The next `count` messages of a topic filter, as mosquitto_sub (Debian) prints them: topic and payload. */
export async function mosquittoSub(demo: RunningDemo, topic: string, count: number): Promise<[string, string][]> {
  const args = [...credentials(demo), '-t', topic, '-C', String(count), '-W', '40', '-v'];
  const { stdout } = await run('mosquitto_sub', args, 60_000);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line): [string, string] => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
}

export async function mosquittoPub(demo: RunningDemo, topic: string, payload: object): Promise<void> {
  const args = [...credentials(demo), '-t', topic, '-q', '1', '-m', JSON.stringify(payload)];
  const { code, stderr } = await run('mosquitto_pub', args);
  if (code !== 0) throw new Error(`mosquitto_pub failed: ${stderr}`);
}
