import { z } from 'zod';
import { secretReference } from '../secret-reference.ts';

/** Stands for the gateway's own device broker, whose URL and credential the gateway fills in before it prepares. */
export const embeddedBroker = 'embedded';

const url = z.string().refine((text) => text === embeddedBroker || /^(?:mqtts?|wss?):\/\/[^/\s]+/.test(text), {
  message: 'write a broker such as mqtt://192.0.2.30:1883, or embedded for the gateway’s own',
});

const fields = z
  .strictObject({
    url,
    user: z.string().min(1).optional(),
    password: secretReference.optional(),
    /** Path of a PEM file with the certificate authority that the broker's certificate must come from. */
    ca: z.string().min(1).optional(),
    /** Paths of PEM files: a certificate by which the gateway is known to the broker, and its private key. */
    certificate: z.string().min(1).optional(),
    key: z.string().min(1).optional(),
    clientId: z.string().min(1).max(64).optional(),
    /** Milliseconds to wait for the broker when connecting. */
    timeout: z.number().int().min(50).max(60_000).default(5000),
  })
  .refine((c) => (c.certificate === undefined) === (c.key === undefined), {
    path: ['key'],
    message: 'certificate and key go together',
  })
  .refine((c) => c.certificate === undefined || /^(?:mqtts|wss):/.test(c.url), {
    path: ['url'],
    message: 'a certificate needs mqtts:// or wss://',
  });

/** A broker's URL, `embedded`, or the fields one by one. */
export const mqttConfig = z.union([url.transform((text) => ({ url: text })).pipe(fields), fields]);
export type MqttConfig = z.output<typeof mqttConfig>;

const level = z
  .string()
  .regex(/^[^+#/\s\0]+$/, 'write one topic level, without + # / and spaces')
  .max(128);

/** What an equipment on an MQTT connection adds to its entry. */
export const mqttOptions = {
  /** What stands for `{device}` in the profile's topics; the equipment's id unless told. */
  device: level.optional(),
  /** What stands for `{site}`, `{area}` and the like in the topics of a profile, by name. */
  topic: z.record(z.string().regex(/^\w+$/), level).optional(),
} as const;

/** What an equipment adds that is read from Sparkplug B: the edge node, and the device below it, if it is one. */
export const sparkplugOptions = { group: level, node: level, device: level.optional() } as const;
export type MqttOptions = z.output<z.ZodObject<typeof mqttOptions>>;
