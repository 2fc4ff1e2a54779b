import { useTexts } from '../i18n/use-texts.ts';
import { isSilent, useLiveStatus } from '../live/live-status.ts';
import { useNow } from '../live/use-now.ts';
import { formatSpan } from '../util/time.ts';

/** How old the last word of the service is. Filled while news comes in, hollow while none does. */
export function LiveIndicator() {
  const { t, language } = useTexts();
  const now = useNow();
  const status = useLiveStatus();
  const phase = status.heardAt === undefined ? 'connecting' : isSilent(status, now) ? 'silent' : 'live';
  const age = formatSpan(now - (status.heardAt ?? now), language);
  return (
    <div className={`live live-${phase}`} data-live={phase}>
      <span className="pulse" aria-hidden="true" />
      <span>{t(`live.${phase}`, { age })}</span>
    </div>
  );
}
