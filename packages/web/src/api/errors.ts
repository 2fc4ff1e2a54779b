import type { Problem } from '@plantroom/model/api';
import { type TextKey, texts } from '../i18n/setup.ts';
import type { Values } from '../i18n/use-texts.ts';

/** A refusal of the service, or its silence (`unreachable`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  /** 0 when there was no answer at all. */
  readonly status: number;

  constructor(code: string, status: number, detail: string) {
    super(detail);
    this.code = code;
    this.status = status;
  }
}

export function unreachable(): ApiError {
  return new ApiError('unreachable', 0, '');
}

/** The error of an answer that is not 2xx; a proxy's own pages have no problem in them. */
export async function errorOf(response: Response): Promise<ApiError> {
  const isProblem = response.headers.get('content-type')?.includes('json') ?? false;
  const problem = isProblem ? ((await response.json().catch(() => ({}))) as Partial<Problem>) : {};
  return new ApiError(problem.code ?? 'unexpected', response.status, problem.detail ?? '');
}

export interface Explanation {
  readonly key: TextKey;
  readonly values: Values;
}

/** What a person is told about anything that was thrown: the only place where errors become words. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof ApiError)) return { key: 'problem.unexpected', values: { status: String(error) } };
  const key = `problem.${error.code}`;
  if (isText(key)) return { key, values: { detail: error.message, status: error.status } };
  return { key: 'problem.unexpected', values: { status: `${error.status} ${error.code}` } };
}

function isText(key: string): key is TextKey {
  return Object.hasOwn(texts, key);
}

/** Asking again only helps when nobody answered or the service was busy with itself. */
export function isWorthRetrying(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500 || error.status === 429);
}
