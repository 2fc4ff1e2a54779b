import { useQuery } from '@tanstack/react-query';
import { gatewaysQuery } from '../api/queries.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { isSilent, useLiveStatus } from '../live/live-status.ts';
import { useNow } from '../live/use-now.ts';
import { isHeard } from '../util/gateways.ts';
import { formatClockSeconds, formatSpan } from '../util/time.ts';
import { usePlace, useSite } from './site-context.ts';

/** Says at the top what makes everything below old: a silent stream or a silent gateway. */
export function Banners() {
  const { t, language } = useTexts();
  const site = useSite();
  const place = usePlace();
  const now = useNow();
  const status = useLiveStatus();
  const { data: gateways = [] } = useQuery(gatewaysQuery(site.id));
  const isDown = isSilent(status, now);
  const silent = gateways.filter((gateway) => !isHeard(gateway, now));
  return (
    <div className="banners" role="status">
      {isDown && status.heardAt !== undefined && (
        <p className="banner">{t('live.banner', { time: formatClockSeconds(status.heardAt, place) })}</p>
      )}
      {!isDown &&
        silent.map((gateway) => (
          <p className="banner" key={gateway.id}>
            {t('gateway.banner', {
              gateway: gateway.id,
              age: gateway.heardAt === null ? '–' : formatSpan(now - gateway.heardAt, language),
            })}
          </p>
        ))}
    </div>
  );
}
