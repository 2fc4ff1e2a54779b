import { afterEach, describe, expect, test, vi } from 'vitest';
import { call } from './client.ts';
import { ApiError, explain, isWorthRetrying } from './errors.ts';

afterEach(() => vi.unstubAllGlobals());

const answer = (status: number, body: unknown, type = 'application/json') =>
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(JSON.stringify(body), { status, headers: { 'content-type': type } })),
  );

const failure = async () => {
  const thrown = await call('/x').catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ApiError);
  return thrown as ApiError;
};

describe('a request', () => {
  test('leaves out what is not asked for', async () => {
    answer(200, { items: [] });
    await call('/alarms', { query: { site: 'a', open: true, after: undefined } });
    expect(vi.mocked(fetch).mock.calls[0]?.[0]).toBe('/api/v1/alarms?site=a&open=true');
  });

  test('sends a body as JSON', async () => {
    answer(200, {});
    await call('/x', { method: 'POST', body: { version: 1 } });
    expect(vi.mocked(fetch).mock.calls[0]?.[1]).toMatchObject({
      method: 'POST',
      body: '{"version":1}',
      headers: { 'content-type': 'application/json' },
    });
  });

  test('that is refused tells the stable code', async () => {
    answer(409, { code: 'version-conflict', detail: 'changed' }, 'application/problem+json');
    expect(await failure()).toMatchObject({ code: 'version-conflict', status: 409, message: 'changed' });
  });

  test('that gets the page of a proxy has an unexpected answer', async () => {
    answer(502, '<html>', 'text/html');
    const error = await failure();
    expect(explain(error)).toMatchObject({ key: 'problem.unexpected', values: { status: 502 } });
    expect(isWorthRetrying(error)).toBe(true);
  });

  test('without any answer is unreachable and worth another try', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => Promise.reject(new TypeError('network'))),
    );
    const error = await failure();
    expect(explain(error).key).toBe('problem.unreachable');
    expect(isWorthRetrying(error)).toBe(true);
  });
});

test('a refusal for good is not tried again', () => {
  expect(isWorthRetrying(new ApiError('not-allowed', 403, ''))).toBe(false);
  expect(explain(new ApiError('not-allowed', 403, '')).key).toBe('problem.not-allowed');
  expect(explain(new Error('x')).key).toBe('problem.unexpected');
});
