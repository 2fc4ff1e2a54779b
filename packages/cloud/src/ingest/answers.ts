import type { Acknowledgement, FrameHeader, GatewayAddress, Lane, RejectionCode } from '@plantroom/model/wire';

/** Why a frame is not stored. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly reason: string;
}

/** What an acknowledgement can hold of each (the wire format's limit). */
const most = 1000;

interface Stream {
  readonly to: GatewayAddress;
  readonly epoch: string;
  readonly lane: Lane;
  readonly stored: number[];
  readonly rejected: { sequence: number; code: RejectionCode; reason: string }[];
}

/** Gathers the answers to a batch of frames, and makes as few acknowledgements of them as can be. */
export class Answers {
  readonly #streams = new Map<string, Stream>();

  stored(to: GatewayAddress, header: FrameHeader): void {
    this.#stream(to, header).stored.push(header.sequence);
  }

  rejected(to: GatewayAddress, header: FrameHeader, { code, reason }: Rejection): void {
    this.#stream(to, header).rejected.push({ sequence: header.sequence, code, reason: reason.slice(0, 500) });
  }

  /** The acknowledgements, each with the gateway it goes to; afterwards there are none left. */
  take(): { to: GatewayAddress; acknowledgement: Acknowledgement }[] {
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    return streams.flatMap(({ to, epoch, lane, stored, rejected }) => {
      const ranges = rangesOf(stored);
      const parts = Math.ceil(Math.max(ranges.length, rejected.length) / most);
      return Array.from({ length: parts }, (_, n) => {
        const part = <T>(all: T[]) => all.slice(n * most, (n + 1) * most);
        return { to, acknowledgement: { epoch, lane, ranges: part(ranges), rejected: part(rejected) } };
      });
    });
  }

  #stream(to: GatewayAddress, { epoch, lane }: FrameHeader): Stream {
    const key = `${to.site}/${to.gateway}/${epoch}/${lane}`;
    const stream = this.#streams.get(key) ?? { to, epoch, lane, stored: [], rejected: [] };
    this.#streams.set(key, stream);
    return stream;
  }
}

/** Inclusive ranges of the numbers, in rising order. */
export function rangesOf(numbers: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && n <= last[1] + 1) last[1] = n;
    else ranges.push([n, n]);
  }
  return ranges;
}
