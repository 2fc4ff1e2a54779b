import { z } from 'zod';
import { secretReference } from '../secret-reference.ts';

const endpoint = z.string().regex(/^opc\.tcp:\/\/[^/\s]+/, 'write an endpoint such as opc.tcp://192.0.2.20:4840');
const milliseconds = z.number().int().min(50).max(3_600_000);

const fields = z
  .strictObject({
    endpoint,
    securityMode: z.enum(['None', 'Sign', 'SignAndEncrypt']).default('None'),
    securityPolicy: z.enum(['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss']).optional(),
    user: z.string().min(1).optional(),
    password: secretReference.optional(),
    /** Paths of PEM files: a certificate that signs in instead of user and password, and its private key. */
    userCertificate: z.string().min(1).optional(),
    userKey: z.string().min(1).optional(),
    /** Milliseconds to wait for the server when connecting. */
    timeout: milliseconds.default(5000),
    publishingInterval: milliseconds.default(500),
    samplingInterval: z.number().int().min(0).max(3_600_000).default(250),
    /** Milliseconds after which all values are read again, so that an unchanged one is known to be current. */
    refresh: milliseconds.default(20_000),
  })
  .refine((c) => (c.securityMode === 'None') === ((c.securityPolicy ?? c.securityMode) === 'None'), {
    path: ['securityPolicy'],
    message: 'securityMode None goes with no securityPolicy, the others with one of the others',
  })
  .refine((c) => (c.userCertificate === undefined) === (c.userKey === undefined), {
    path: ['userKey'],
    message: 'userCertificate and userKey go together',
  })
  .refine((c) => c.userCertificate === undefined || c.user === undefined, {
    path: ['user'],
    message: 'sign in either as a user or by a certificate',
  })
  .transform((c) => ({
    ...c,
    securityPolicy: c.securityPolicy ?? (c.securityMode === 'None' ? ('None' as const) : ('Basic256Sha256' as const)),
  }));

/** An endpoint's URL, or the fields one by one. */
export const opcUaConfig = z.union([endpoint.transform((url) => ({ endpoint: url })).pipe(fields), fields]);
export type OpcUaConfig = z.output<typeof opcUaConfig>;

/** What an equipment on an OPC UA connection adds to its entry. */
export const opcUaOptions = {
  /** What stands for `{node}` in the profile's node ids, such as `L1`. */
  node: z.string().min(1).max(256),
  /** The namespace URI of the nodes, where it is not the profile's. */
  namespace: z.string().min(1).optional(),
} as const;
export type OpcUaOptions = z.output<z.ZodObject<typeof opcUaOptions>>;
