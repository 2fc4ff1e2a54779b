import { useTexts } from '../i18n/use-texts.ts';
import { usePlace } from '../layout/site-context.ts';
import { useNow } from '../live/use-now.ts';
import { formatFull, formatSpan } from '../util/time.ts';

/** How long ago something was, moving on by itself; the full time is one hover away. */
export function Age({ since, bare = false }: { readonly since: number; readonly bare?: boolean }) {
  const { t, language } = useTexts();
  const place = usePlace();
  const span = formatSpan(useNow() - since, language);
  return (
    <time className="age" dateTime={new Date(since).toISOString()} title={formatFull(since, place)}>
      {bare ? span : t('age.ago', { age: span })}
    </time>
  );
}
