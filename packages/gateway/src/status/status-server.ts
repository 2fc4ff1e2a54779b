import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { errorCode, type Logger, PlantroomError } from '@plantroom/base';
import type { GatewayReport, ReportSource } from './contract.ts';
import { Metrics } from './metrics.ts';

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** `/health`, `/status` and `/metrics` on loopback: for the person and the monitor on this machine, read only. */
export class StatusServer {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** `port` 0 takes a free one. Throws PlantroomError `status-port` when it cannot be had. */
  static async start(port: number, source: ReportSource, logger: Logger): Promise<StatusServer> {
    const metrics = new Metrics();
    const server = createServer((request, response) => {
      pageFor(request.url ?? '/', source, metrics)
        .catch((thrown: unknown): Page => {
          logger.error({ code: 'status-page', detail: String(thrown) }, 'The status could not be put together.');
          return json(503, { status: 'failed' });
        })
        .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body));
    });
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    } catch (thrown) {
      const why = errorCode(thrown) ?? 'error';
      throw new PlantroomError('status-port', `The status page cannot listen on 127.0.0.1:${port} (${why}).`, {
        hint: 'Give it another port, or leave it out.',
        cause: thrown,
      });
    }
    const address = server.address();
    return new StatusServer(server, typeof address === 'object' && address ? address.port : port);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function pageFor(url: string, source: ReportSource, metrics: Metrics): Promise<Page> {
  const path = url.split('?')[0];
  if (path === '/health') return json(200, health(await source()));
  if (path === '/status') return json(200, await source());
  if (path === '/metrics') {
    const body = await metrics.render(await source());
    return { status: 200, type: metrics.contentType, body };
  }
  return json(404, { status: 'unknown', pages: ['/health', '/status', '/metrics'] });
}

/** A clock that is in doubt for longer than this (ms) needs somebody. */
const longDoubt = 10 * 60_000;

/** The process is well as long as it answers; what it cannot reach is said beside, for it goes on all the same. */
function health({ cloud, connections, lanes, log, clock }: GatewayReport): object {
  const unreachable = connections.filter((c) => c.state !== 'connected').map((c) => c.id);
  const silent = connections.flatMap((c) => c.silent);
  const degraded =
    cloud === 'disconnected' ||
    unreachable.length > 0 ||
    silent.length > 0 ||
    log.trouble !== null ||
    clock.doubtfulFor > longDoubt;
  return {
    status: degraded ? 'degraded' : 'ok',
    cloud,
    unreachable,
    silent,
    backlog: lanes.events.entries + lanes.telemetry.entries,
    ...(log.trouble === null ? {} : { disk: log.trouble }),
    clock: clock.state,
  };
}

function json(status: number, content: object): Page {
  return { status, type: 'application/json', body: JSON.stringify(content) };
}
