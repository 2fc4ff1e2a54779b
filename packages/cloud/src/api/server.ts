import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { fastify } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { dashboard } from './dashboard.ts';
import { problemHandler } from './problems.ts';
import type { Api } from './route.ts';
import { alarmMetricsRoutes } from './routes/alarm-metrics.ts';
import { alarmRoutes } from './routes/alarms.ts';
import { completenessRoutes } from './routes/completeness.ts';
import { energyRoutes } from './routes/energy.ts';
import { equipmentRoutes } from './routes/equipment.ts';
import { gatewayRoutes } from './routes/gateways.ts';
import { healthRoutes } from './routes/health.ts';
import { liveRoutes } from './routes/live.ts';
import { orderRoutes } from './routes/orders.ts';
import { seriesRoutes } from './routes/series.ts';
import { sessionRoutes } from './routes/session.ts';
import { securityHeaders } from './security-headers.ts';
import type { ApiServices } from './services.ts';
import { signInCheck } from './sign-in-check.ts';

const kibibyte = 1024;
/** Bodies are clicks and comments; nothing that people send is larger. */
const bodyLimit = 64 * kibibyte;
/** A client that sends its request slower than this is cut off (ms). */
const requestTimeout = 15_000;
const connectionTimeout = 60_000;

/** The HTTP server: API under /api/v1, the dashboard elsewhere. `listen` and `close` are the caller's. */
export async function buildServer(services: ApiServices): Promise<Api> {
  const app = fastify({
    bodyLimit,
    requestTimeout,
    connectionTimeout,
    http: { headersTimeout: requestTimeout, connectionsCheckingInterval: 2_000 },
    // Open event streams must not keep a stopping process alive.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Bodies are JSON or nothing: a form on another site cannot send that without asking first (no CSRF).
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(problemHandler(services.logger));
  app.decorateRequest('identity', null);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await securityHeaders(app, services.publicUrl);
  await app.register(swagger, { openapi: describeApi(services.version), transform: jsonSchemaTransform });
  await app.register(async (api: Api) => apiRoutes(api, services), { prefix: '/api/v1' });
  await dashboard(app, services.webDirectory);
  return app;
}

async function apiRoutes(api: Api, services: ApiServices): Promise<void> {
  api.addHook('onRequest', signInCheck(services.access));
  api.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  healthRoutes(api, services);
  sessionRoutes(api, services);
  equipmentRoutes(api, services);
  seriesRoutes(api, services);
  alarmRoutes(api, services);
  alarmMetricsRoutes(api, services);
  orderRoutes(api, services);
  energyRoutes(api, services);
  gatewayRoutes(api, services);
  completenessRoutes(api, services);
  liveRoutes(api, services);
  api.get('/openapi.json', { schema: { hide: true } }, async () => api.swagger());
}

function describeApi(version: string) {
  return {
    openapi: '3.1.0',
    info: { title: 'Plantroom', version, description: 'Live values, alarms, work orders and energy of buildings.' },
    components: {
      securitySchemes: {
        session: { type: 'apiKey' as const, in: 'cookie' as const, name: 'plantroom_session_{port}' },
        token: { type: 'http' as const, scheme: 'bearer' },
      },
    },
    security: [{ session: [] }, { token: [] }],
  };
}
