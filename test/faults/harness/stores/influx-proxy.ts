import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What the database does to a write at the moment. */
export type DatabaseMood =
  | 'open'
  /** No connection is taken, none is kept. */
  | 'down'
  /** Nothing is answered. */
  | 'hangs'
  | '500'
  | '503'
  /** All lines are stored and the answer says that one was not, unless there is but one. */
  | '400 partial'
  /** Only short bodies are taken. */
  | '413'
  /** What was stored is not acknowledged: the connection breaks instead. */
  | 'answer lost';

/** Bytes of a body that is short. */
const short = 1500;
const answers: Partial<Record<DatabaseMood, readonly [number, object]>> = {
  '500': [500, { error: 'engine: cannot write to the shard' }],
  '503': [503, { error: 'timeout' }],
  '400 partial': [400, { error: 'partial write: field type conflict: input field "value" is type string dropped=1' }],
  '413': [413, { error: 'Request Entity Too Large' }],
};

/** Stands before a real InfluxDB and answers as a troubled one does; `share` of the writes are treated so. */
export class InfluxProxy {
  readonly #target: number;
  readonly #server: Server;
  #mood: DatabaseMood = 'open';
  #isHit: () => boolean = () => true;
  port = 0;
  /** Writes that were not simply handed on. */
  troubled = 0;

  constructor(target: string) {
    this.#target = Number(new URL(target).port);
    this.#server = createServer((ask, answer) => void this.#handle(ask, answer).catch(() => answer.destroy()));
    this.#server.on('connection', (socket) => this.#mood === 'down' && socket.destroy());
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const at = this.#server.address();
    this.port = typeof at === 'object' && at ? at.port : 0;
  }

  become(mood: DatabaseMood, isHit: () => boolean = () => true): void {
    this.#mood = mood;
    this.#isHit = isHit;
    if (mood === 'down' || mood === 'open') this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(ask: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await buffer(ask);
    const isWrite = ask.url?.startsWith('/write') ?? false;
    const mood = isWrite && this.#isHit() ? this.#mood : 'open';
    const lines = body.toString().split('\n').filter(Boolean).length;
    const isSpared = (mood === '413' && body.length <= short) || (mood === '400 partial' && lines < 2);
    if (mood === 'open' || isSpared) return this.#forward(ask, body, answer);
    this.troubled++;
    if (mood === 'hangs') return;
    if (mood === '400 partial' || mood === 'answer lost') await this.#send(ask, body);
    const said = answers[mood];
    if (!said) return void answer.destroy();
    answer.writeHead(said[0], { 'content-type': 'application/json', 'x-influxdb-version': '1.6.7' });
    answer.end(`${JSON.stringify(said[1])}\n`);
  }

  async #forward(ask: IncomingMessage, body: Buffer, answer: ServerResponse): Promise<void> {
    const { status, headers, content } = await this.#send(ask, body);
    answer.writeHead(status, headers);
    answer.end(content);
  }

  async #send(ask: IncomingMessage, body: Buffer) {
    const { method, url: path, headers } = ask;
    const sent = request({ host: '127.0.0.1', port: this.#target, method, path, headers, agent: false });
    sent.end(body);
    const [answered] = (await once(sent, 'response')) as [IncomingMessage];
    const { 'transfer-encoding': _, connection: __, ...kept } = answered.headers;
    return { status: answered.statusCode ?? 502, headers: kept, content: await buffer(answered) };
  }
}
