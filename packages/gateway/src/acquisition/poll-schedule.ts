interface Turn {
  readonly equipment: string;
  readonly period: number;
  due: number;
}

/**
 * Whose turn it is on one bus: the device that has been due the longest. Times are monotonic ms. Due times stay on
 * their own grid, so that a slow bus neither drifts nor piles up; a cycle that could not be kept is counted.
 */
export class PollSchedule {
  skipped = 0;
  readonly #turns: Turn[];

  /** `dueOf` gives the turn of a device that is already waiting for one. */
  constructor(
    devices: readonly { readonly equipment: string; readonly period: number }[],
    now: number,
    dueOf: (equipment: string) => number | undefined = () => undefined,
  ) {
    this.#turns = devices.map(({ equipment, period }) => ({ equipment, period, due: dueOf(equipment) ?? now }));
  }

  dueOf(equipment: string): number | undefined {
    return this.#turnOf(equipment)?.due;
  }

  /** The next device and when it is due; undefined without devices. */
  next(): { readonly equipment: string; readonly due: number } | undefined {
    let first: Turn | undefined;
    for (const turn of this.#turns) if (!first || turn.due < first.due) first = turn;
    return first && { equipment: first.equipment, due: first.due };
  }

  /** The device was polled, ending at `now`. */
  polled(equipment: string, now: number): void {
    const turn = this.#turnOf(equipment);
    if (!turn) return;
    turn.due += turn.period;
    const missed = Math.floor((now - turn.due) / turn.period);
    if (missed < 1) return;
    this.skipped += missed;
    turn.due += missed * turn.period;
  }

  /** The device is left alone until `at`, then its grid begins anew. */
  postpone(equipment: string, at: number): void {
    const turn = this.#turnOf(equipment);
    if (turn) turn.due = at;
  }

  /** The device is due now, because something has been heard of it; it does not overtake who waits already. */
  hurry(equipment: string, now: number): void {
    const turn = this.#turnOf(equipment);
    if (turn && turn.due > now) turn.due = now;
  }

  #turnOf(equipment: string): Turn | undefined {
    return this.#turns.find((t) => t.equipment === equipment);
  }
}
