import { deviceEventCategories, kindNames, localText } from '@plantroom/model';
import { z } from 'zod';
import { conversionShape } from './conversion.ts';

export const protocols = ['modbus', 'opc-ua', 'mqtt'] as const;
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
] as const;

const address = z.number().int().min(0).max(65_535);
const milliseconds = z.number().int().min(50).max(86_400_000);
/** For an indexed point: how far the address moves when the index grows by one. */
const stride = z.record(z.string(), z.number().int()).optional();

const modbusPoint = z.strictObject({
  ...conversionShape,
  area: z.enum(areas).optional(),
  /** 0-based, as it stands in the request (PDU); `0x` for hexadecimal. Documents that count from 1 or 40001 are one off. */
  address,
  stride,
  type: z.enum(registerTypes),
  /** For `bit` in a register: 0 is the least significant. */
  bit: z.number().int().min(0).max(15).optional(),
  order: z.enum(byteOrders).optional(),
});
export type ModbusPoint = z.output<typeof modbusPoint>;

const opcUaPoint = z.strictObject({
  ...conversionShape,
  /** `{ns}` is the index of the profile's namespace, `{node}` the equipment's root; an index stands by its name. */
  node: z.string().min(1),
  /** Milliseconds between two samples at the server. */
  sampling: z.number().int().min(0).optional(),
  /** A second node: the value is how far `node` has counted since this one last changed. */
  since: z.string().min(1).optional(),
});
export type OpcUaPoint = z.output<typeof opcUaPoint>;

const mqttPoint = z.strictObject({
  ...conversionShape,
  topic: z.string().min(1).optional(),
  /** Members of the JSON message, such as `temperature` or `values[0].t`. */
  path: z.string().min(1),
  type: z.enum(['number', 'boolean', 'text']),
});
export type MqttPoint = z.output<typeof mqttPoint>;

const messageTime = z.strictObject({ path: z.string().min(1), format: z.enum(['iso', 'seconds', 'milliseconds']) });
export type MessageTime = z.output<typeof messageTime>;

/** What a panel publishes over MQTT about itself. */
const eventMap = z.strictObject({
  topic: z.string().min(1),
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
};

export const modbusProfile = z.strictObject({
  ...common,
  protocol: z.literal('modbus'),
  modbus: z.strictObject({
    area: z.enum(areas),
    order: z.enum(byteOrders).default('ABCD'),
    /** The most registers that the device gives in one answer. */
    maximumRegisters: z.number().int().min(1).max(125).default(125),
    /** The most unused registers that are read along to save a request. */
    maximumGap: z.number().int().min(0).max(124).default(20),
  }),
  points: z.record(z.string(), modbusPoint),
});
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
  topic: z.string().min(1),
  time: messageTime.optional(),
  points: z.record(z.string(), mqttPoint),
});
export type MqttProfile = z.output<typeof mqttProfile>;

/** A real device's map from registers, nodes or messages to a kind's points. */
export const profile = z.discriminatedUnion('protocol', [modbusProfile, opcUaProfile, mqttProfile]);
export type Profile = z.output<typeof profile>;
