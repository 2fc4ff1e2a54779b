import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { sitesQuery } from '../api/queries.ts';
import { Empty, Problem, Waiting } from '../components/notice.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { paths } from '../util/paths.ts';

/** Leads to the first site; a newcomer without one is told how to get it. */
export function HomePage() {
  const { t } = useTexts();
  const { data, error, refetch } = useQuery({ ...sitesQuery, refetchInterval: 5_000 });
  const first = data?.[0];
  if (first) return <Navigate to={paths.site(first.id)} replace />;
  return (
    <main className="lonely">
      <h1>{t('app.name')}</h1>
      {data === undefined && (error ? <Problem error={error} onRetry={() => void refetch()} /> : <Waiting />)}
      {data && <Empty title={t('sites.empty.title')}>{t('sites.empty.body')}</Empty>}
    </main>
  );
}
