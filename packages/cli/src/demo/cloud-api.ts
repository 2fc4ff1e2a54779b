/** The cloud's API, as far as the demo looks at it. */
export class CloudApi {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** The answer to `GET /api/v1/{path}`; throws when it is not 200. */
  async get(path: string): Promise<unknown> {
    const answer = await fetch(`${this.#url}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`GET /api/v1/${path} was answered ${answer.status}`);
    return answer.json();
  }

  async list<T>(path: string): Promise<T[]> {
    return ((await this.get(path)) as { items: T[] }).items;
  }
}
