import { useQuery } from '@tanstack/react-query';
import { Outlet, useParams } from '@tanstack/react-router';
import { sitesQuery } from '../api/queries.ts';
import { Problem, Waiting } from '../components/notice.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { serverClock } from '../live/server-clock.ts';
import { useLiveFeed } from '../live/use-live-feed.ts';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { formatZone } from '../util/time.ts';
import { Banners } from './banners.tsx';
import { Hatch } from './hatch.tsx';
import { Navigation } from './navigation.tsx';
import { SiteContext, usePlace } from './site-context.ts';
import { TopBar } from './top-bar.tsx';

/** What surrounds every page of a site: navigation, search, live indicator; it follows the site's events. */
export function SiteShell() {
  const { t } = useTexts();
  const { site: id } = useParams({ from: '/sites/$site' });
  const { data: sites, error, refetch } = useQuery(sitesQuery);
  useLiveFeed(id);
  const site = sites?.find((each) => each.id === id);
  if (!sites)
    return (
      <main className="lonely">{error ? <Problem error={error} onRetry={() => void refetch()} /> : <Waiting />}</main>
    );
  if (!site) return <NotFoundPage />;
  return (
    <SiteContext value={site}>
      <Hatch />
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <div className="app">
        <Navigation sites={sites} />
        <div className="column">
          <TopBar />
          <main id="content" tabIndex={-1}>
            <Banners />
            <Outlet />
          </main>
          <Foot />
        </div>
      </div>
    </SiteContext>
  );
}

function Foot() {
  const { t } = useTexts();
  const place = usePlace();
  return (
    <footer className="foot">
      {t('app.supervisory')} {t('app.zone', { zone: formatZone(serverClock.now(), place) })}
    </footer>
  );
}
