import {
  DriverFailure,
  type FailureKind,
  type FieldConnection,
  type FieldDevice,
  type FieldSink,
  type Reading,
} from '@plantroom/drivers';

/** What the field does when it is asked: a value, or a failure of that kind. */
export type Answer = number | FailureKind;

/** A bus whose answers the test decides. It notes what was asked of it. */
export class ScriptedConnection implements FieldConnection {
  readonly id: string;
  readonly devices: readonly FieldDevice[];
  readonly asked: string[] = [];
  /** What the next open leads to. */
  reachable = true;
  answer: (equipment: string) => Answer = () => 1;
  sink: FieldSink | undefined;
  readonly #now: () => number;

  constructor(id: string, devices: readonly FieldDevice[], now: () => number) {
    this.id = id;
    this.devices = devices;
    this.#now = now;
  }

  async open(): Promise<void> {
    this.#note('open');
    if (!this.reachable) throw new DriverFailure('no-answer', 'connection refused');
  }

  async subscribe(sink: FieldSink): Promise<void> {
    this.sink = sink;
  }

  async poll(equipment: string): Promise<readonly Reading[]> {
    this.#note(`poll ${equipment}`);
    const answer = this.answer(equipment);
    if (typeof answer !== 'number') throw new DriverFailure(answer, `scripted ${answer}`);
    return [{ equipment, point: 'power', value: answer, quality: 'good' }];
  }

  async probe() {
    return { ok: true, message: '' };
  }

  async close(): Promise<void> {
    this.#note('close');
  }

  #note(what: string): void {
    this.asked.push(`${this.#now() / 1000} ${what}`);
  }
}
