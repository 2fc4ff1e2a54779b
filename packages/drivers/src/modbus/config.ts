import { z } from 'zod';

const milliseconds = z.number().int().min(0).max(60_000);

const fields = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(502),
  /** Milliseconds to wait for a connection and for each answer. */
  timeout: milliseconds.min(10).default(1000),
  pauseAfterConnect: milliseconds.default(0),
  pauseBetweenRequests: milliseconds.default(0),
  /** For a gateway that gives less than its devices would; the profile's own limit holds as well. */
  maximumRegisters: z.number().int().min(1).max(125).default(125),
  /** Instead of each profile's own: 0 never reads a register that no point needs. */
  maximumGap: z.number().int().min(0).max(124).optional(),
});

const hostAndPort = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:\s/]+))(?::(?<port>\d{1,5}))?$/;

/** `host`, `host:port` or the fields one by one. */
export const modbusConfig = z.union([
  z
    .string()
    .transform((text, context): z.input<typeof fields> => {
      const parts = hostAndPort.exec(text)?.groups;
      if (parts) return { host: parts.v6 ?? parts.host ?? '', port: parts.port ? Number(parts.port) : undefined };
      context.addIssue({ code: 'custom', message: 'write a host or host:port, such as 192.0.2.10 or 192.0.2.10:502' });
      return z.NEVER;
    })
    .pipe(fields),
  fields,
]);
export type ModbusConfig = z.output<typeof modbusConfig>;

/** What an equipment on a Modbus connection adds to its entry. */
export const modbusOptions = {
  /** The unit (slave) id behind the socket. */
  unit: z.number().int().min(0).max(255).default(1),
  /** Added to every address, for devices whose firmware is one off from their document. */
  addressOffset: z.number().int().min(-1000).max(1000).default(0),
} as const;
export type ModbusOptions = z.output<z.ZodObject<typeof modbusOptions>>;
