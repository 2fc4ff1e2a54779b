import type { Alarm, WorkOrderRequest } from '@plantroom/model';
import type { CommandOutcome, DetectionResult, JournalEntry } from '../types.ts';

const nothing: DetectionResult = Object.freeze({ alarms: [], orders: [], outcomes: [], journal: [] });

/** Gathers what one call leads to; a call that leads to nothing allocates nothing. */
export class ResultBuilder {
  #alarms: Alarm[] = [];
  #orders: WorkOrderRequest[] = [];
  #outcomes: CommandOutcome[] = [];
  #journal: JournalEntry[] = [];

  alarm(alarm: Alarm, entry: JournalEntry): void {
    this.#alarms.push(alarm);
    this.#journal.push(entry);
  }

  order(order: WorkOrderRequest): void {
    this.#orders.push(order);
  }

  outcome(outcome: CommandOutcome): void {
    this.#outcomes.push(outcome);
  }

  take(): DetectionResult {
    if (this.#alarms.length === 0 && this.#outcomes.length === 0 && this.#orders.length === 0) return nothing;
    const result = {
      alarms: this.#alarms,
      orders: this.#orders,
      outcomes: this.#outcomes,
      journal: this.#journal,
    };
    this.#alarms = [];
    this.#orders = [];
    this.#outcomes = [];
    this.#journal = [];
    return result;
  }
}
