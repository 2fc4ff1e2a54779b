/** How characters travel on a serial line. */
export interface SerialLine {
  /** Bits a second. */
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

/** Milliseconds of one character: a start bit, data, parity and stop bits. */
export function characterTime({ baudRate, dataBits, parity, stopBits }: SerialLine): number {
  return ((1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits) * 1000) / baudRate;
}

/**
 * Milliseconds of silence between frames: 3.5 characters of 11 bits, and 1.75 ms above 19,200 bit/s (Modbus over Serial
 * Line 1.02, section 2.5.1.1).
 */
export function frameGap({ baudRate }: SerialLine): number {
  return baudRate > 19_200 ? 1.75 : (3.5 * 11 * 1000) / baudRate;
}

/** As people write it, such as `9600 8N1`. */
export function describeLine({ baudRate, dataBits, parity, stopBits }: SerialLine): string {
  return `${baudRate} ${dataBits}${parity[0]?.toUpperCase() ?? ''}${stopBits}`;
}
