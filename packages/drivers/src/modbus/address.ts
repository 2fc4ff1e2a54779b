import type { Area } from './pdu.ts';

/**
 * How an address is counted. `pdu`: from 0, as it stands in the request. `1-based`: from 1, as most tables print it.
 * `modicon`: 5 or 6 digits whose first names the area (0 coil, 1 discrete input, 3 input register, 4 holding register),
 * the rest counting from 1: 40001 and 400001 are holding register 0.
 */
export const notations = ['pdu', '1-based', 'modicon'] as const;
export type Notation = (typeof notations)[number];

export interface Address {
  /** 0-based, as it stands in the request. */
  readonly address: number;
  /** Only where the notation says it. */
  readonly area?: Area;
}

const written = /^(?:(?<notation>pdu|1-based|modicon) +)?(?<digits>0x[0-9a-f]{1,4}|\d{1,6})$/i;
const modiconAreas: Readonly<Record<string, Area>> = { 0: 'coil', 1: 'discrete', 3: 'input', 4: 'holding' };

/**
 * The address that a number or a text stands for; a text may name its notation: `pdu 0x0BB8`, `1-based 3001`,
 * `modicon 40001`. Without a name it is of `notation`. Gives the reason as a text when it stands for none.
 */
export function parseAddress(given: number | string, notation: Notation = 'pdu'): Address | string {
  const parts = written.exec(String(given).trim())?.groups;
  if (!parts?.digits) return 'write a number, or a text such as `pdu 0x0BB8`, `1-based 3001` or `modicon 40001`';
  const own = notations.find((n) => n === parts.notation?.toLowerCase()) ?? notation;
  if (own === 'modicon') return fromModicon(parts.digits, typeof given === 'number');
  const address = Number(parts.digits) - (own === '1-based' ? 1 : 0);
  if (address >= 0 && address <= 65_535) return { address };
  return own === 'pdu' ? 'a PDU address is 0 to 65535' : 'an address that counts from 1 is 1 to 65536';
}

/** A number of YAML has lost its leading zeros: 00017 came as 17, and is a coil. */
function fromModicon(digits: string, isNumber: boolean): Address | string {
  const text = isNumber ? digits.padStart(5, '0') : digits;
  const area = modiconAreas[text[0] ?? ''];
  const address = Number(text.slice(1)) - 1;
  if (area && /^\d{5,6}$/.test(text) && address >= 0 && address <= 65_535) return { address, area };
  return 'a Modicon address is 00001 to 09999, 1xxxx, 3xxxx or 4xxxx, or six digits up to 465536';
}
