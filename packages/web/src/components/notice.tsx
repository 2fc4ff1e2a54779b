import type { ReactNode } from 'react';
import { explain } from '../api/errors.ts';
import { useTexts } from '../i18n/use-texts.ts';

/** What to do about an error, where it happened. */
export function Problem({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTexts();
  const { key, values } = explain(error);
  return (
    <div className="notice problem" role="alert">
      <p>{t(key, values)}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {t('state.retry')}
        </button>
      )}
    </div>
  );
}

/** An empty place: what will appear here, and how. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <div className="empty-body">{children}</div>}
    </div>
  );
}

export function Waiting() {
  const { t } = useTexts();
  return (
    <p className="notice" role="status">
      {t('state.waiting')}
    </p>
  );
}
