import { type EntryName, keyOf, type UplinkEntry } from './contract.ts';

type Frame = Omit<UplinkEntry, 'bytes'>;

/** Frames that the cloud cannot read until it knows their model revision, and the model frames on their way to it. */
export class HeldFrames {
  readonly #waiting = new Map<string, Frame[]>();
  readonly #models = new Map<string, string>();

  /** Gives true for the first frame of its revision: its model has yet to be sent. */
  hold({ epoch, lane, sequence, row, revision }: Frame): boolean {
    const frames = this.#waiting.get(revision);
    const kept = { epoch, lane, sequence, row, revision };
    if (frames) frames.push(kept);
    else this.#waiting.set(revision, [kept]);
    return !frames;
  }

  sentModel(revision: string, name: EntryName): void {
    this.#models.set(keyOf(name), revision);
  }

  /** The revision that an events frame carries on request; undefined for every other frame. */
  revisionOf(name: EntryName): string | undefined {
    return this.#models.get(keyOf(name));
  }

  isHeld(revision: string): boolean {
    return this.#waiting.has(revision);
  }

  isWaiting({ epoch, lane, sequence }: EntryName): boolean {
    for (const frames of this.#waiting.values())
      if (frames.some((f) => f.epoch === epoch && f.lane === lane && f.sequence === sequence)) return true;
    return false;
  }

  /** Ends the waiting of a revision's frames and gives them. */
  release(revision: string): readonly Frame[] {
    const frames = this.#waiting.get(revision) ?? [];
    this.#waiting.delete(revision);
    for (const [name, r] of this.#models) if (r === revision) this.#models.delete(name);
    return frames;
  }

  clear(): void {
    this.#waiting.clear();
    this.#models.clear();
  }
}
