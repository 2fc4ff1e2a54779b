import { deviceEventCategories, kindNames, localText } from '@plantroom/model';
import { z } from 'zod';
import { type Notation, notations, parseAddress } from '../modbus/address.ts';
import { quirks } from '../modbus/config.ts';
import { conversionShape } from './conversion.ts';

export const protocols = ['modbus', 'opc-ua', 'mqtt', 'sparkplug'] as const;
export type Protocol = (typeof protocols)[number];

/**
 * How well a map is known: two independent sources agree, one source, doubtful, or a convention of Plantroom's own for
 * devices whose registers the integrator lays out.
 */
export const marks = ['two-sources', 'one-source', 'doubtful', 'own'] as const;

export const areas = ['coil', 'discrete', 'holding', 'input'] as const;
/** A byte order by where the bytes A (most significant) to D of a 32-bit value stand; 64 bits go on alike. */
export const byteOrders = ['ABCD', 'DCBA', 'BADC', 'CDAB'] as const;
export const registerTypes = [
  'bit',
  'uint8h',
  'uint8l',
  'int8h',
  'int8l',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float16',
  'float32',
  'float64',
  'bcd16',
  'bcd32',
  'bcd64',
  'mod10k32',
  'mod10k48',
  'mod10k64',
] as const;

/** A number in the profile's notation, or a text that names its own: `pdu 0x0BB8`, `1-based 3001`, `modicon 40001`. */
const address = z.union([z.number().int(), z.string()]);
const milliseconds = z.number().int().min(50).max(86_400_000);
/** For an indexed point: how far the address moves when the index grows by one. */
const stride = z.record(z.string(), z.number().int()).optional();

const modbusPoint = z.strictObject({
  ...conversionShape,
  area: z.enum(areas).optional(),
  /** 0-based, as it stands in the request (PDU), unless the profile's `addresses` say otherwise; `0x` for hexadecimal. */
  address,
  stride,
  type: z.enum(registerTypes),
  /** For `bit` in a register: 0 is the least significant. */
  bit: z.number().int().min(0).max(15).optional(),
  /** Bits of a field that is wider than one, from `bit` up: panels pack the states of several devices into a register. */
  width: z.number().int().min(1).max(16).optional(),
  /** How far the field moves when the index grows by one; past the last bit of a register it goes on in the next. */
  bitStride: stride,
  order: z.enum(byteOrders).optional(),
  /** Where the value's power of ten stands, an int16 of the same area that is read along with it. */
  scaleFactor: address.optional(),
});

/** Text about the device itself (serial number, firmware): read once and every hour, a property and no sample. */
const modbusProperty = z.strictObject({
  area: z.enum(areas).optional(),
  address,
  /** `string` has two characters to a register and ends at the first zero; a number is written out. */
  type: z.enum(['string', ...registerTypes]),
  /** Registers of a string. */
  length: z.number().int().min(1).max(64).optional(),
  order: z.enum(byteOrders).optional(),
  /** Code to text, for a model or a version that the device gives as a number. */
  texts: z.record(z.string(), z.string()).optional(),
});

/** SunSpec models of one layout, and the registers that follow their length by the standard. */
const sunSpecModels = {
  models: z.array(z.number().int().min(2).max(65_534)).min(1),
  length: z.number().int().min(1),
};

const opcUaPoint = z.strictObject({
  ...conversionShape,
  /** `{ns}` is the index of the profile's namespace, `{node}` the equipment's root; an index stands by its name. */
  node: z.string().min(1),
  /** Milliseconds between two samples at the server. */
  sampling: z.number().int().min(0).optional(),
  /** Samples that the server keeps between two publications; as many as it takes in twice that time unless told. */
  queueSize: z.number().int().min(1).max(10_000).optional(),
  /** Changes smaller than this stay at the server: in the node's own unit, or of its range (EURange), such as `2 %`. */
  deadband: z
    .union([z.number().positive(), z.string().regex(/^\d+(?:\.\d+)? ?%$/, 'write a number or `2 %`')])
    .optional(),
  /** A second node: the value is how far `node` has counted since this one last changed. */
  since: z.string().min(1).optional(),
});
export type OpcUaPoint = z.output<typeof opcUaPoint>;

/** A topic, not a filter: a message is read as that of one device. MQTT 3.1.1, 4.7.3: 65,535 bytes without NUL. */
const topic = z
  .string()
  .max(1000)
  .regex(/^[^+#\0]+$/, 'write one topic without + and #, such as sensors/{device}/state')
  .refine((text) => !text.startsWith('$share/'), 'write the topic without $share: nobody shares this subscription');

const mqttPoint = z.strictObject({
  ...conversionShape,
  topic: topic.optional(),
  /** A member of the JSON message, such as `temperature` or `values[0].t`; the whole payload unless told. */
  path: z.string().min(1).optional(),
  /** `number-in-text` is a text that holds a decimal number and nothing else; no other type is made of another. */
  type: z.enum(['number', 'boolean', 'text', 'number-in-text']),
});
export type MqttPoint = z.output<typeof mqttPoint>;

const messageTime = z.strictObject({ path: z.string().min(1), format: z.enum(['iso', 'seconds', 'milliseconds']) });
export type MessageTime = z.output<typeof messageTime>;

/** What a panel publishes over MQTT about itself. */
const eventMap = z.strictObject({
  topic,
  /** The member that tells one event from another; without it, all that was sent does. */
  id: z.string().optional(),
  time: messageTime,
  category: z.strictObject({ path: z.string(), map: z.record(z.string(), z.enum(deviceEventCategories)) }),
  /** The member and value that say that the condition is over. */
  restored: z.strictObject({ path: z.string(), value: z.string() }).optional(),
  address: z.string().optional(),
  zone: z.string().optional(),
  message: z.string(),
});
export type EventMap = z.output<typeof eventMap>;

const parameter = z.strictObject({ default: z.number(), about: localText });

const common = {
  name: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  title: localText,
  kind: z.enum(kindNames),
  /** Where the facts are from. */
  source: z.string().min(1),
  mark: z.enum(marks),
  /** Milliseconds between two polls, or the publishing period to expect. */
  period: milliseconds,
  /** Figures that differ from one installation to the next: keys of the equipment's entry, or of its ratings. */
  parameters: z.record(z.string(), parameter).default({}),
  events: eventMap.optional(),
  /** What the codes of a point mean, in the words of a ticket; a point whose kind has states needs none. */
  codes: z.record(z.string(), z.record(z.string().regex(/^\d+$/), localText)).default({}),
};

const modbusMap = z.strictObject({
  ...common,
  protocol: z.literal('modbus'),
  modbus: z.strictObject({
    area: z.enum(areas),
    /** How the addresses of this profile are counted; they are PDU addresses once it is read. */
    addresses: z.enum(notations).default('pdu'),
    order: z.enum(byteOrders).default('ABCD'),
    /** The most registers that the device gives in one answer. */
    maximumRegisters: z.number().int().min(1).max(125).default(125),
    /** The most unused registers that are read along to save a request. */
    maximumGap: z.number().int().min(0).max(124).default(20),
    /** What this device needs besides what its bus has; milliseconds. */
    timeout: z.number().int().min(10).max(60_000).optional(),
    pauseBetweenRequests: z.number().int().min(0).max(60_000).default(0),
    quirks: z.array(z.enum(quirks)).default([]),
  }),
  properties: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), modbusProperty).default({}),
  points: z.record(z.string(), modbusPoint),
  /**
   * For registers that are found by SunSpec discovery: `points` count from the ID word of one of these models, those of
   * `others` from theirs, `properties` from the ID word of the common model before it.
   */
  sunspec: z
    .strictObject({
      ...sunSpecModels,
      others: z.array(z.strictObject({ ...sunSpecModels, points: z.record(z.string(), modbusPoint) })).default([]),
    })
    .optional(),
});

/** With every address counted from 0, and the area that a notation names filled in. */
export const modbusProfile = modbusMap.transform((map, context) => {
  const place = <T extends Place>(key: string, entries: Record<string, T>): Record<string, Placed<T>> =>
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => {
        const placed = placeOf(entry, map.modbus.addresses);
        if (typeof placed !== 'string') return [name, placed];
        context.addIssue({ code: 'custom', path: [key, name, 'address'], message: placed, input: entry.address });
        const { scaleFactor, area, ...rest } = entry;
        return [name, { ...rest, address: 0 }];
      }),
    );
  const given = Object.keys(map.points).sort().join(', ');
  for (const [at, other] of (map.sunspec?.others ?? []).entries()) {
    if (Object.keys(other.points).sort().join(', ') === given) continue;
    const message = `models ${other.models.join(', ')} give other points than ${map.sunspec?.models.join(', ')}`;
    context.addIssue({ code: 'custom', path: ['sunspec', 'others', at, 'points'], message, input: other.points });
  }
  return {
    ...map,
    modbus: { ...map.modbus, addresses: 'pdu' as const },
    properties: place('properties', map.properties),
    points: place('points', map.points),
    sunspec: map.sunspec && {
      ...map.sunspec,
      others: map.sunspec.others.map((other) => ({ ...other, points: place('sunspec', other.points) })),
    },
  };
});
export type ModbusPoint = ModbusProfile['points'][string];
export type ModbusProperty = ModbusProfile['properties'][string];
export type ModbusProfile = z.output<typeof modbusProfile>;

export const opcUaProfile = z.strictObject({
  ...common,
  protocol: z.literal('opc-ua'),
  /** The URI that `{ns}` stands for, unless the equipment's entry names another. */
  namespace: z.string().min(1),
  points: z.record(z.string(), opcUaPoint),
});
export type OpcUaProfile = z.output<typeof opcUaProfile>;

export const mqttProfile = z.strictObject({
  ...common,
  protocol: z.literal('mqtt'),
  /** `{device}` stands for the equipment's device. */
  topic,
  time: messageTime.optional(),
  points: z.record(z.string(), mqttPoint),
});
export type MqttProfile = z.output<typeof mqttProfile>;

const sparkplugPoint = z.strictObject({
  ...conversionShape,
  /** The metric's name as the birth gives it, such as `System/Power`; an index stands by its name. */
  metric: z.string().min(1),
});

export const sparkplugProfile = z.strictObject({
  ...common,
  protocol: z.literal('sparkplug'),
  points: z.record(z.string(), sparkplugPoint),
});
export type SparkplugProfile = z.output<typeof sparkplugProfile>;

/** A real device's map from registers, nodes or messages to a kind's points. */
export const profile = z.discriminatedUnion('protocol', [modbusProfile, opcUaProfile, mqttProfile, sparkplugProfile]);
export type Profile = z.output<typeof profile>;

interface Place {
  readonly address: number | string;
  readonly area?: (typeof areas)[number] | undefined;
  readonly scaleFactor?: number | string | undefined;
}
type Placed<T extends Place> = Omit<T, keyof Place> & {
  address: number;
  area?: NonNullable<Place['area']>;
  scaleFactor?: number;
};

function placeOf<T extends Place>(entry: T, notation: Notation): Placed<T> | string {
  const found = parseAddress(entry.address, notation);
  if (typeof found === 'string') return found;
  if (found.area && entry.area && found.area !== entry.area) {
    return `${entry.address} is of area ${found.area}, and the entry says ${entry.area}`;
  }
  const { scaleFactor, address: _, area = found.area, ...rest } = entry;
  const scale = scaleFactor === undefined ? undefined : parseAddress(scaleFactor, notation);
  if (typeof scale === 'string') return scale;
  return {
    ...rest,
    address: found.address,
    ...(area ? { area } : {}),
    ...(scale ? { scaleFactor: scale.address } : {}),
  };
}
