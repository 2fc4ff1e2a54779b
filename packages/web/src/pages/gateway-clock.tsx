import type { Language } from '@plantroom/model';
import type { GatewayView } from '@plantroom/model/api';
import { KeyFigure } from '../components/key-figure.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { usePlace } from '../layout/site-context.ts';
import { useNow } from '../live/use-now.ts';
import { isHeard } from '../util/gateways.ts';
import { formatFull, formatSpan, minute, second } from '../util/time.ts';

/** A clock that is doubtful for longer than this (ms) needs somebody. */
const longDoubt = 10 * minute;

/** `+1 h`, `−0.2 s` */
function signed(ms: number, language: Language): string {
  // Shown to a tenth of a second, less than half of one has no direction.
  if (Math.abs(ms) < second / 20) return formatSpan(0, language);
  return `${ms < 0 ? '−' : '+'}${formatSpan(Math.abs(ms), language)}`;
}

/** That the gateway's clock needs somebody; nothing while it does not. */
export function ClockFigure({ gateway }: { readonly gateway: GatewayView }) {
  const { t, language } = useTexts();
  const heard = isHeard(gateway, useNow());
  const { clock } = gateway;
  if (!heard || !clock || clock.state === 'synchronised' || clock.doubtfulFor < longDoubt) return null;
  const note = t(`gateways.clock.${clock.state}.for`, { span: formatSpan(clock.doubtfulFor, language) });
  return <KeyFigure value={t('gateways.clock.doubtful')} note={note} tone="ink-p2" />;
}

/** How the gateway's clock stands, where it last jumped, and what was named by a wrong time. */
export function ClockFacts({ gateway: { clock, corrections } }: { readonly gateway: GatewayView }) {
  const { t, language } = useTexts();
  const place = usePlace();
  if (!clock) return null;
  const { state, source, cloudOffset, lastJump } = clock;
  // A time that was right, and only confirmed late, is no news.
  const wrong = corrections.filter(({ by }) => Math.abs(by) >= second);
  const isConfirmed = state === 'synchronised' && source !== 'none';
  const offset = cloudOffset && {
    by: signed(cloudOffset.by, language),
    within: formatSpan(cloudOffset.within, language),
  };
  return (
    <dl className="facts inline">
      <div>
        <dt>{t('gateways.clock')}</dt>
        <dd>{t(isConfirmed ? `gateways.clock.by.${source}` : `gateways.clock.${state}`)}</dd>
      </div>
      <div>
        <dt>{t('gateways.clock.offset')}</dt>
        <dd>{offset ? t('gateways.clock.within', offset) : t('gateways.unknown')}</dd>
      </div>
      {lastJump && (
        <div>
          <dt>{t('gateways.clock.jump')}</dt>
          <dd>
            {t('gateways.clock.jumped', { by: signed(lastJump.by, language), at: formatFull(lastJump.at, place) })}
          </dd>
        </div>
      )}
      {wrong.slice(0, 3).map(({ from, to, by }) => (
        <div key={from}>
          <dt>{t('gateways.clock.correction')}</dt>
          <dd>
            {t('gateways.clock.corrected', {
              ...{ from: formatFull(from, place), to: formatFull(to, place), by: signed(by, language) },
            })}
          </dd>
        </div>
      ))}
    </dl>
  );
}
