import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTexts } from '../i18n/use-texts.ts';

/** A page that threw while it was drawn; the navigation around it goes on working. */
export function CrashPage({ error }: ErrorComponentProps) {
  const { t } = useTexts();
  return (
    <div className="lonely" role="alert">
      <h1>{t('crash.title')}</h1>
      <p>{t('crash.body', { message: error instanceof Error ? error.message : String(error) })}</p>
      <button type="button" className="button primary" onClick={() => location.reload()}>
        {t('crash.reload')}
      </button>
    </div>
  );
}
