import type { AlarmView, EquipmentView, LatestPoint, Series, WorkOrderView } from '@plantroom/model/api';

export const site = 'harbour-tower';

/** The public API as a script uses it: a bearer token and nothing else. */
export class Api {
  readonly url: string;
  readonly #token: string;

  constructor(port: number, token: string) {
    this.url = `http://127.0.0.1:${port}/api/v1`;
    this.#token = token.trim();
  }

  async request(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.url}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(20_000),
    });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.request('GET', path);
    if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async list<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor = '';
    do {
      const page = await this.get<{ items: T[]; next: string | null }>(`${path}${cursor}`);
      items.push(...page.items);
      cursor = page.next === null ? '' : `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(page.next)}`;
    } while (cursor !== '');
    return items;
  }

  equipment = (): Promise<EquipmentView[]> => this.list(`equipment?site=${site}`);
  latest = (): Promise<LatestPoint[]> => this.list('points/latest');
  alarms = (): Promise<AlarmView[]> => this.list('alarms');
  orders = (): Promise<WorkOrderView[]> => this.list('work-orders');

  /** One point's newest value; undefined while there is none. */
  async value(equipment: string, point: string): Promise<LatestPoint | undefined> {
    const items = await this.list<LatestPoint>(`points/latest?site=${site}&equipment=${equipment}`);
    return items.find((p) => p.point === point);
  }

  /** Stored samples as they came, from inclusive, to exclusive. */
  async raw(equipment: string, point: string, from: number, to: number): Promise<Series['items']> {
    const query = `site=${site}&equipment=${equipment}&point=${point}&from=${from}&to=${to}&aggregate=raw`;
    return (await this.get<Series>(`series?${query}`)).items;
  }
}
