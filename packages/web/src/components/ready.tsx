import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.ts';
import { useSite } from '../layout/site-context.ts';
import { formatClockSeconds } from '../util/time.ts';
import { Problem, Waiting } from './notice.tsx';

type Asked<T> = Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch' | 'dataUpdatedAt' | 'isPlaceholderData'>;

interface ReadyProps<T> {
  readonly query: Asked<T>;
  readonly children: (data: T) => ReactNode;
}

/** Shows an answer; without one, why. An old answer stays, dimmed and with its time, while a new one fails or waits. */
export function Ready<T>({ query, children }: ReadyProps<T>) {
  const { t, language } = useTexts();
  const { timezone } = useSite();
  const { data, error } = query;
  const retry = () => void query.refetch();
  if (data === undefined) return error ? <Problem error={error} onRetry={retry} /> : <Waiting />;
  if (!error) return <div className={query.isPlaceholderData ? 'ready waiting' : 'ready'}>{children(data)}</div>;
  const time = formatClockSeconds(query.dataUpdatedAt, { language, timezone });
  return (
    <>
      <Problem error={error} onRetry={retry} />
      <p className="muted small">{t('state.outdated', { time })}</p>
      <div className="ready waiting">{children(data)}</div>
    </>
  );
}
