import type { ReactNode } from 'react';
import { RichText } from '../components/rich-text.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { useSite } from './site-context.ts';

interface PageTitleProps {
  readonly title: string;
  /** The same name in the other language, with its tag. */
  readonly other?: { readonly text: string; readonly lang: string };
  /** What comes before everything else in the sentence: somebody has to run. */
  readonly alert?: string | undefined;
  /** What a person on the phone can read out; `<b>` marks what leads. */
  readonly sentence?: string | undefined;
  /** Set beside the title. */
  readonly children?: ReactNode;
}

/** Title and the one sentence that comes first; also names the browser's tab. */
export function PageTitle({ title, other, alert, sentence, children }: PageTitleProps) {
  const { t, local } = useTexts();
  const site = local(useSite().name);
  return (
    <>
      <title>{title === site ? `${site} · ${t('app.name')}` : `${title} · ${site} · ${t('app.name')}`}</title>
      <div className="page-title">
        <h1>
          {title}{' '}
          {other && other.text !== title && (
            <span lang={other.lang} className="other-name">
              {other.text}
            </span>
          )}
        </h1>
        {children}
      </div>
      {(sentence ?? alert) !== undefined && (
        <p className="sentence" data-testid="sentence">
          {alert !== undefined && (
            <b role="alert" className="ink-p1">
              {alert}{' '}
            </b>
          )}
          <RichText text={sentence ?? ''} />
        </p>
      )}
    </>
  );
}
