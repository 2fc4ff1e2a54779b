import { z } from 'zod';

const milliseconds = z.number().int().min(0).max(60_000);

/** What devices need that the protocol does not foresee. */
export const quirks = ['one-request-per-field', 'close-after-poll', 'read-coils-from-zero'] as const;
export type Quirk = (typeof quirks)[number];

/** What a bus and a single device may both ask for; the more careful of the two holds. */
const care = {
  pauseBetweenRequests: milliseconds,
  quirks: z.array(z.enum(quirks)),
};

const common = {
  /** Milliseconds to wait for a connection and for each answer to begin. */
  timeout: milliseconds.min(10).default(1000),
  pauseAfterConnect: milliseconds.default(0),
  pauseBetweenRequests: care.pauseBetweenRequests.default(0),
  quirks: care.quirks.default([]),
  /** For a gateway that gives less than its devices would; the profile's own limit holds as well. */
  maximumRegisters: z.number().int().min(1).max(125).default(125),
  /** Instead of each profile's own: 0 never reads a register that no point needs. */
  maximumGap: z.number().int().min(0).max(124).optional(),
  /** Milliseconds that a device takes to answer, for the plan of a bus that was not measured yet. */
  latency: z.number().min(0).max(60_000).optional(),
};

/** Only RTU: its answers can be told neither by address nor by number. */
const drained = {
  /** Milliseconds of silence after an answer that did not come, in which a late one is thrown away: three timeouts. */
  drain: milliseconds.optional(),
};

const line = {
  baudRate: z.number().int().min(300).max(4_000_000).default(9600),
  dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
};

export const hostAndPort = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:\s/]+))(?::(?<port>\d{1,5}))?$/;
const address = { host: z.string().min(1), port: z.number().int().min(1).max(65_535).default(502) };

const endpointText = z.string().transform((text, context): z.input<z.ZodObject<typeof address>> => {
  const parts = hostAndPort.exec(text)?.groups;
  if (parts) return { host: parts.v6 ?? parts.host ?? '', ...(parts.port ? { port: Number(parts.port) } : {}) };
  context.addIssue({ code: 'custom', message: 'write a host or host:port, such as 192.0.2.10 or 192.0.2.10:502' });
  return z.NEVER;
});
const endpoint = z.union([endpointText.pipe(z.strictObject(address)), z.strictObject(address)]);
const backup = {
  /** A second way to the same devices, tried when the first fails. */
  backup: endpoint.optional(),
};

const tcpFields = z.strictObject({ ...address, ...backup, ...common });
const rtuOverTcpFields = z.strictObject({ ...address, ...backup, ...common, ...drained, ...line });
const rtuFields = z.strictObject({ path: z.string().min(1), ...common, ...drained, ...line });

/** `host`, `host:port` or the fields one by one. */
export const modbusConfig = z.union([endpointText.pipe(tcpFields), tcpFields]);
export type ModbusConfig = z.output<typeof modbusConfig>;

/** RTU frames through a serial device server; `baudRate` and the like are those of the line behind it. */
export const modbusRtuOverTcpConfig = z.union([endpointText.pipe(rtuOverTcpFields), rtuOverTcpFields]);
export type ModbusRtuOverTcpConfig = z.output<typeof modbusRtuOverTcpConfig>;

/** A serial device such as `/dev/ttyUSB0`, or the fields one by one. */
export const modbusRtuConfig = z.union([
  z
    .string()
    .min(1)
    .transform((path) => ({ path }))
    .pipe(rtuFields),
  rtuFields,
]);
export type ModbusRtuConfig = z.output<typeof modbusRtuConfig>;

/** What an equipment on a Modbus connection adds to its entry. */
export const modbusOptions = {
  /** The unit (slave) id behind the socket. */
  unit: z.number().int().min(0).max(255).default(1),
  /** Added to every address, for devices whose firmware is one off from their document. */
  addressOffset: z.number().int().min(-1000).max(1000).default(0),
  /** Milliseconds to wait for this device's answers, instead of the connection's. */
  timeout: milliseconds.min(10).optional(),
  pauseBetweenRequests: care.pauseBetweenRequests.optional(),
  quirks: care.quirks.optional(),
} as const;
export type ModbusOptions = z.output<z.ZodObject<typeof modbusOptions>>;
