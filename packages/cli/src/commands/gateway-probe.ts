import { readFileSync } from 'node:fs';
import { errorCode, untilSignal } from '@plantroom/base';
import { loadProfile } from '@plantroom/drivers';
import { type Area, parseAddress, probeRegisters } from '@plantroom/drivers/modbus';
import { type Endpoint, isModbus, type ModbusEndpoint, parseEndpoint } from '../field/endpoint.ts';
import { probeProfile, profileText } from '../field/probe-profile.ts';
import { listenTopic, probeOpcUa, type SignIn } from '../field/probe-push.ts';
import { registerText } from '../field/register-text.ts';
import { usage } from '../field/usage.ts';

export interface SignInOptions {
  readonly user?: string;
  readonly passwordFile?: string;
}

export interface ProbeCommand extends SignInOptions {
  readonly unit: number;
  readonly address?: string;
  readonly count: number;
  readonly area?: string;
  readonly profile?: string;
  readonly set?: readonly string[];
  readonly node?: string;
  readonly topic?: string;
  readonly wait: number;
}

/** `plantroom gateway probe`; false when the values cannot be true, or nothing came. */
export function probe(url: string, options: ProbeCommand): Promise<boolean> {
  const endpoint = parseEndpoint(url);
  if (isModbus(endpoint)) return probeModbus(endpoint, options);
  return endpoint.type === 'opc-ua' ? probeServer(endpoint, options) : probeBroker(endpoint, options);
}

function probeModbus(endpoint: ModbusEndpoint, options: ProbeCommand): Promise<boolean> {
  if (options.profile !== undefined) return probeDevice(endpoint, options.profile, options);
  if (options.address !== undefined) return probeAddress(endpoint, options.address, options);
  throw usage('It is not said what to read.', 'Add --address 3000 --count 2, or --profile NAME for all of a device.');
}

async function probeAddress(endpoint: ModbusEndpoint, text: string, options: ProbeCommand): Promise<boolean> {
  const { type, settings, name } = endpoint;
  const { unit, count } = options;
  const place = parseAddress(text);
  if (typeof place === 'string') throw usage(`--address ${text} is not understood.`, `${place}.`);
  const area = areaOf(options.area) ?? place.area ?? 'holding';
  const { address } = place;
  const found = await probeRegisters({ connection: { type, settings }, unit, area, address, count });
  for (const line of registerText(name, found)) console.log(line);
  return true;
}

const areas: readonly Area[] = ['holding', 'input', 'coil', 'discrete'];

function areaOf(text: string | undefined): Area | undefined {
  const area = areas.find((a) => a === text);
  if (text !== undefined && area === undefined)
    throw usage(`There is no area ${text}.`, `Write one of ${areas.join(', ')}.`);
  return area;
}

async function probeDevice(endpoint: ModbusEndpoint, name: string, options: ProbeCommand): Promise<boolean> {
  const profile = loadProfile(name);
  if (profile.protocol !== 'modbus') throw usage(`${name} is read over ${profile.protocol}.`, 'Name a Modbus profile.');
  const query = { endpoint, profile, options: { unit: options.unit, ...settingsOf(options.set ?? []) } };
  const found = await probeProfile(query);
  for (const line of profileText(query, found)) console.log(line);
  return found.checks.every((check) => check.ok);
}

/** `ctRatio=40` as a key of an entry. */
export function settingsOf(pairs: readonly string[]): Record<string, number | string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([A-Za-z]\w*)=(.+)$/.exec(pair) ?? [];
      if (key === undefined || value === undefined)
        throw usage(`--set ${pair} is not understood.`, 'Write --set ctRatio=40, as many as needed.');
      return [key, Number.isNaN(Number(value)) ? value : Number(value)];
    }),
  );
}

async function probeServer(endpoint: Endpoint, options: ProbeCommand): Promise<boolean> {
  if (options.node === undefined)
    throw usage('It is not said which node to read.', 'Add --node "ns=2;s=Name"; plantroom gateway browse shows them.');
  const { ok, lines } = await probeOpcUa(endpoint, options.node, signInOf(options));
  for (const line of lines) console.log(line);
  return ok;
}

async function probeBroker(endpoint: Endpoint, options: ProbeCommand): Promise<boolean> {
  if (options.topic === undefined) throw usage('It is not said which topic to hear.', "Add --topic 'sensors/#'.");
  const stop = new AbortController();
  void untilSignal().then(() => stop.abort());
  const query = { topic: options.topic, wait: options.wait * 1000, signal: stop.signal };
  const count = await listenTopic(endpoint, query, signInOf(options), (lines) => {
    for (const line of lines) console.log(line);
  });
  if (count === 0)
    console.log(
      `${endpoint.name}: nothing on ${options.topic} within ${options.wait} s. Try --topic '#', or --wait 120.`,
    );
  return count > 0;
}

/** User and password of the options; the password is never on the command line, which others can see. */
export function signInOf({ user, passwordFile }: SignInOptions): SignIn {
  if (passwordFile === undefined) return { user };
  try {
    return { user, password: readFileSync(passwordFile, 'utf8').trimEnd() };
  } catch (thrown) {
    throw usage(`--password-file ${passwordFile} cannot be read (${errorCode(thrown) ?? 'error'}).`, 'Check its path.');
  }
}
