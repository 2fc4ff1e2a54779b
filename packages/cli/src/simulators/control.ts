import { coerceError, PlantroomError } from '@plantroom/base';
import type { LocalText } from '@plantroom/model';

export type Parameter = string | number | boolean;

export interface ParameterSchema {
  readonly default?: Parameter;
  readonly type?: string;
  readonly enum?: readonly Parameter[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ActiveFault {
  readonly id: string;
  readonly fault: string;
  readonly target: string;
}

export interface FaultList {
  readonly catalogue: readonly {
    readonly fault: string;
    readonly title: LocalText;
    readonly targets: readonly string[];
    /** As JSON schema. */
    readonly parameters: Readonly<Record<string, ParameterSchema>>;
  }[];
  readonly active: readonly ActiveFault[];
}

interface Refusal {
  readonly error?: { readonly message?: string; readonly hint?: string };
}

/** The control API of the simulators (simulators/README.md). Every failure is a PlantroomError that says what to do. */
export class SimulatorControl {
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/$/, '');
  }

  async faults(): Promise<FaultList> {
    return (await this.#ask('GET', '/faults')) as FaultList;
  }

  async inject(
    fault: string,
    target: string,
    parameters: Readonly<Record<string, Parameter>> = {},
  ): Promise<ActiveFault> {
    return (await this.#ask('POST', '/faults', { fault, target, parameters })) as ActiveFault;
  }

  async clear(id: string): Promise<void> {
    await this.#ask('DELETE', `/faults/${encodeURIComponent(id)}`);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.#fetch(method, path, body);
    const text = await answer.text();
    if (answer.ok) return text === '' ? undefined : JSON.parse(text);
    const { error } = parseRefusal(text);
    throw new PlantroomError('simulator-refused', error?.message ?? `The simulators answered ${answer.status}.`, {
      hint: error?.hint ?? 'See npx plantroom simulate list.',
    });
  }

  async #fetch(method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(`${this.url}${path}`, {
        method,
        signal: AbortSignal.timeout(10_000),
        ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
      });
    } catch (thrown) {
      throw new PlantroomError('simulator-silent', `Nothing answers at ${this.url} (${coerceError(thrown).message}).`, {
        hint: 'Start the demo first (npm run demo), or name the right simulators with --url or --data.',
        cause: thrown,
      });
    }
  }
}

function parseRefusal(text: string): Refusal {
  try {
    return JSON.parse(text) as Refusal;
  } catch {
    return {};
  }
}
