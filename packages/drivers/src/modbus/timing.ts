import { characterTime, frameGap, type SerialLine } from './line.ts';
import { byteCountOf, type ReadRequest } from './pdu.ts';

/** Bytes of a request on a serial line: unit, function, address, count, CRC. */
const requestBytes = 8;
/** Bytes of an answer besides its data: unit, function, count, CRC. */
const answerBytes = 5;

/** Milliseconds in which a question and its answer travel on the line; 0 without a serial line. */
export function wireTime(line: SerialLine | undefined, request: Pick<ReadRequest, 'area' | 'count'>): number {
  return line ? (requestBytes + answerBytes + byteCountOf(request)) * characterTime(line) : 0;
}

/** Milliseconds of silence that the line needs after an answer before the next question. */
export function gapAfterAnswer(line: SerialLine | undefined): number {
  return line ? frameGap(line) : 0;
}
