import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a scripted answer says. */
export interface Scripted {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const token = 'a-token-of-the-bucket';

interface Bucket {
  readonly id: string;
  readonly orgID: string;
  readonly name: string;
  retentionRules: { everySeconds: number }[];
}

/**
 * A server that answers as InfluxDB 2's documentation says: organisations, buckets, mappings, tokens, its way of telling
 * a partial write (422). What it stores and how it reads come from an InfluxDB 1 behind it, since no InfluxDB 2 is to be
 * had. Before that, `script` may answer.
 */
export class InfluxV2Server {
  readonly #behind: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly buckets: Bucket[] = [];
  readonly mappings: { bucketID: string; database: string; retention_policy?: string }[] = [];
  /** Whether it maps every bucket by itself, as 2.1 and later do. */
  mapsByItself = true;
  /** Answers for a path, taken one after the other. */
  readonly script: (Scripted & { readonly path: string })[] = [];
  readonly requests: string[] = [];
  url = '';

  constructor(behind: string) {
    this.#behind = behind;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    let body = '';
    for await (const chunk of request) body += chunk;
    this.requests.push(`${request.method} ${pathname}`);
    const scripted = this.script.findIndex((s) => s.path === pathname);
    const [answer] = scripted < 0 ? [] : this.script.splice(scripted, 1);
    const isKnown = request.headers.authorization === `Token ${token}`;
    const denied = { status: 401, body: { code: 'unauthorized', message: 'unauthorized access' } };
    const said: Scripted =
      answer ?? (isKnown ? await this.#route(`${request.method} ${pathname}`, searchParams, body) : denied);
    const isText = typeof said.body === 'string';
    response.writeHead(said.status, {
      'x-influxdb-version': 'v2.7.5',
      'content-type': isText ? 'text/html' : 'application/json; charset=utf-8',
      ...said.headers,
    });
    response.end(said.body === undefined ? undefined : isText ? said.body : JSON.stringify(said.body));
  }

  async #route(path: string, query: URLSearchParams, body: string): Promise<Scripted> {
    const [method, , , kind, id] = path.split('/');
    if (path === 'GET /api/v2/orgs') return { status: 200, body: { orgs: [{ id: 'org-1', name: 'plant' }] } };
    if (path === 'GET /api/v2/buckets')
      return { status: 200, body: { buckets: this.buckets.filter((b) => b.name === query.get('name')) } };
    if (path === 'POST /api/v2/buckets') return this.#makeBucket(JSON.parse(body) as Bucket);
    if (path === 'GET /api/v2/dbrps')
      return { status: 200, body: { content: this.mappings.filter((m) => m.database === query.get('db')) } };
    if (path === 'POST /api/v2/dbrps') {
      this.mappings.push(JSON.parse(body) as { bucketID: string; database: string; retention_policy: string });
      return { status: 201, body: {} };
    }
    if (path === 'POST /api/v2/write') return this.#write(query, body);
    if (path === 'GET /query') return this.#forward(`/query?${query}`);
    const bucket = method === 'PATCH ' && kind === 'buckets' && this.buckets.find((b) => b.id === id);
    if (!bucket) return { status: 404, body: { code: 'not found', message: 'path not found' } };
    bucket.retentionRules = (JSON.parse(body) as Bucket).retentionRules;
    return { status: 200, body: bucket };
  }

  async #makeBucket({ orgID, name, retentionRules }: Bucket): Promise<Scripted> {
    const bucket = { id: `bucket-${this.buckets.length}`, orgID, name, retentionRules };
    this.buckets.push(bucket);
    const [database = '', policy] = name.split('/');
    if (this.mapsByItself)
      this.mappings.push({ bucketID: bucket.id, database, ...(policy && { retention_policy: policy }) });
    const made = new URLSearchParams({
      q: policy
        ? `CREATE RETENTION POLICY "${policy}" ON "${database}" DURATION INF REPLICATION 1`
        : `CREATE DATABASE "${name}"`,
    });
    // The head of the answer comes before the statement has run; its body comes after.
    await (await fetch(`${this.#behind}/query?${made}`, { method: 'POST' })).arrayBuffer();
    return { status: 201, body: bucket };
  }

  async #write(query: URLSearchParams, lines: string): Promise<Scripted> {
    const name = query.get('bucket') ?? '';
    if (!this.buckets.some((b) => b.name === name))
      return { status: 404, body: { code: 'not found', message: `bucket "${name}" not found` } };
    const [db = '', rp] = name.split('/');
    const said = await this.#forward(
      `/write?${new URLSearchParams({ db, precision: query.get('precision') ?? 'ns', ...(rp && { rp }) })}`,
      lines,
    );
    if (said.status !== 400) return said;
    const message = `failure writing points to database: ${JSON.stringify(said.body)}`;
    return { status: 422, body: { code: 'unprocessable entity', message } };
  }

  async #forward(path: string, body?: string): Promise<Scripted> {
    const answer = await fetch(this.#behind + path, body === undefined ? {} : { method: 'POST', body });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }
}
