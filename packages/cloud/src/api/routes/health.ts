import { health } from '@plantroom/model/api';
import { type Api, answers } from '../route.ts';
import type { ApiServices } from '../services.ts';

export function healthRoutes(api: Api, { clock, version }: ApiServices): void {
  api.get(
    '/health',
    { config: { permission: 'public' }, schema: { response: answers(health), security: [], summary: 'Is it alive?' } },
    async () => ({ status: 'ok' as const, version, time: clock.now() }),
  );
}
