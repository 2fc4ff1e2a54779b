/** Exception codes of the Modbus application protocol, section 7. */
const names: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledge',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target device failed to respond',
};

/** What each means for who looks for a mistake. */
const advice: Readonly<Record<number, string>> = {
  1: 'The device does not read this table: try input registers instead of holding registers, or the reverse.',
  2: 'The device has no such address: try one less or one more (documents often count from 1), or the other table.',
  3: 'The device does not give so much at once, or not from there: ask for fewer.',
  4: 'The device could not read it inside: look at its own display for a fault.',
  6: 'The device is busy: another master may be asking it; leave longer pauses.',
  10: 'The gateway has no line for this unit: check its routing table.',
  11: 'The gateway hears nothing from this unit: find those that answer with plantroom gateway scan.',
};

export function exceptionAdvice(code: number): string {
  return advice[code] ?? 'Look the code up in the manual of the device.';
}

export function exceptionText(code: number): string {
  return `exception ${code}${names[code] ? ` (${names[code]})` : ''}`;
}

/** Illegal address or value: some register in the block is not for reading. */
export function isAddressException(answer: unknown): answer is number {
  return answer === 2 || answer === 3;
}
