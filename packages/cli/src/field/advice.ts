import { coerceError, describeError, PlantroomError } from '@plantroom/base';

/** What the Modbus exceptions mean for who looks for a mistake (Modbus Application Protocol 1.1b3, section 7). */
const byException: Readonly<Record<number, string>> = {
  1: 'The device does not read this table: try --area input instead of holding, or the reverse.',
  2: 'The device has no such address: try one less or one more (documents often count from 1), or the other --area.',
  3: 'The device does not give so much at once, or not from there: try a smaller --count.',
  4: 'The device could not read it inside: look at its own display for a fault.',
  6: 'The device is busy: another master may be asking it; try again, or with longer pauses.',
  10: 'The gateway has no line for this unit: check its routing table.',
  11: 'The gateway hears nothing from this unit: find those that answer with plantroom gateway scan.',
};

/** The error in a line, with the next thing to try where the error itself does not say it. */
export function withAdvice(thrown: unknown): string {
  const error = coerceError(thrown);
  const said = describeError(error);
  if (!(error instanceof PlantroomError) || error.hint !== undefined) return said;
  const { exception } = error.context;
  const advice = typeof exception === 'number' ? byException[exception] : undefined;
  return advice ? `${said} ${advice}` : said;
}
