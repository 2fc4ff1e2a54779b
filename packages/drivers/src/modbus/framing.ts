/** A protocol data unit and whom it is from or for. */
export interface Frame {
  readonly unit: number;
  /** TCP only. */
  readonly transaction?: number;
  readonly pdu: Buffer;
  /** The whole frame as it was on the wire. */
  readonly bytes: Buffer;
}

/** How the right answer begins: its unit, its function and, on a line, the count of its bytes. */
export interface ExpectedFrame {
  readonly unit: number;
  readonly code: number;
  readonly byteCount: number;
}

/** Cuts a stream of bytes into frames, however it is chopped. */
export interface FrameReader {
  /** Takes what came and gives the frames that it completes. */
  push(bytes: Buffer): Frame[];
  /** Bytes that are no frame, or not yet. */
  readonly rest: Buffer;
  /** Why no further frame can be found in this stream; undefined while it can. */
  readonly broken: string | undefined;
  /** Forgets all bytes: what comes next begins a frame, most likely this one. */
  reset(expected?: ExpectedFrame): void;
}

export interface Framing {
  encode(unit: number, transaction: number, pdu: Buffer): Buffer;
  createReader(): FrameReader;
}
