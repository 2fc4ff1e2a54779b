import { z } from 'zod';
import { type FrameHeader, headerFault, headerIn } from './header.ts';

export const frameHeader = z.looseObject({}).transform((candidate, context): FrameHeader => {
  const header = headerIn(candidate);
  if (header) return header;
  context.addIssue({ code: 'custom', path: [headerFault(candidate) ?? ''], message: 'does not fit a frame header' });
  return z.NEVER;
});
