import { Link } from '@tanstack/react-router';
import { useTexts } from '../i18n/use-texts.ts';
import { paths } from '../util/paths.ts';

export function NotFoundPage() {
  const { t } = useTexts();
  return (
    <div className="lonely">
      <h1>{t('notFound.title')}</h1>
      <p>{t('notFound.body')}</p>
      <Link to={paths.home()} className="link">
        {t('notFound.home')}
      </Link>
    </div>
  );
}
