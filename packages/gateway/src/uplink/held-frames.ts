import type { Lane } from '@plantroom/model/wire';

interface Frame {
  readonly lane: Lane;
  readonly sequence: number;
}

/** Frames that the cloud cannot read until it knows their model revision, and the model frames on their way to it. */
export class HeldFrames {
  readonly #waiting = new Map<string, Frame[]>();
  readonly #models = new Map<number, string>();

  /** Gives true for the first frame of its revision: its model has yet to be sent. */
  hold(frame: Frame & { readonly revision: string }): boolean {
    const frames = this.#waiting.get(frame.revision);
    const kept = { lane: frame.lane, sequence: frame.sequence };
    if (frames) frames.push(kept);
    else this.#waiting.set(frame.revision, [kept]);
    return !frames;
  }

  sentModel(revision: string, sequence: number): void {
    this.#models.set(sequence, revision);
  }

  /** The revision that an events frame carries on request; undefined for every other frame. */
  revisionOf(lane: Lane, sequence: number): string | undefined {
    return lane === 'events' ? this.#models.get(sequence) : undefined;
  }

  isHeld(revision: string): boolean {
    return this.#waiting.has(revision);
  }

  isWaiting(lane: Lane, sequence: number): boolean {
    for (const frames of this.#waiting.values())
      if (frames.some((f) => f.lane === lane && f.sequence === sequence)) return true;
    return false;
  }

  /** Ends the waiting of a revision's frames and gives them. */
  release(revision: string): readonly Frame[] {
    const frames = this.#waiting.get(revision) ?? [];
    this.#waiting.delete(revision);
    for (const [sequence, r] of this.#models) if (r === revision) this.#models.delete(sequence);
    return frames;
  }

  clear(): void {
    this.#waiting.clear();
    this.#models.clear();
  }
}
