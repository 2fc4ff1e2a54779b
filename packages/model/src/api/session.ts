import { z } from 'zod';

export const roles = ['viewer', 'technician', 'engineer', 'manager', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** Exchanges a one-time sign-in token (from the link) for a session cookie. */
export const signIn = z.strictObject({ token: z.string().min(16).max(200) });

export const session = z.object({
  user: z.object({ id: z.string(), name: z.string(), role: z.enum(roles) }),
  expiresAt: z.number(),
});
export type Session = z.infer<typeof session>;
