import type { Site } from '@plantroom/model/api';
import { createContext, useContext, useMemo } from 'react';
import { useTexts } from '../i18n/use-texts.ts';
import type { Place } from '../util/time.ts';

export const SiteContext = createContext<Site | undefined>(undefined);

/** The site that the page is about. Throws outside a site's pages. */
export function useSite(): Site {
  const site = useContext(SiteContext);
  if (!site) throw new Error('This part of the page belongs to a site, and there is none around it.');
  return site;
}

/** The language of the screen and the time zone of the site: what every time needs to be shown. */
export function usePlace(): Place {
  const { language } = useTexts();
  const { timezone } = useSite();
  return useMemo(() => ({ language, timezone }), [language, timezone]);
}
