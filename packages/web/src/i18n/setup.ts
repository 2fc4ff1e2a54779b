import type { Language, LocalText } from '@plantroom/model';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { CountedText } from './text.ts';
import { alarmTexts } from './texts/alarms.ts';
import { commonTexts } from './texts/common.ts';
import { completenessTexts } from './texts/completeness.ts';
import { energyTexts } from './texts/energy.ts';
import { equipmentTexts } from './texts/equipment.ts';
import { loadTexts } from './texts/load.ts';
import { orderTexts } from './texts/orders.ts';
import { overviewTexts } from './texts/overview.ts';
import { problemTexts } from './texts/problems.ts';
import { systemTexts } from './texts/system.ts';

export const texts = {
  ...commonTexts,
  ...problemTexts,
  ...overviewTexts,
  ...equipmentTexts,
  ...alarmTexts,
  ...loadTexts,
  ...orderTexts,
  ...energyTexts,
  ...systemTexts,
  ...completenessTexts,
};
export type TextKey = keyof typeof texts;

/** The texts of one language as i18next wants them: counted English ones under `_one` and `_other`. */
export function resourcesOf(language: Language): Record<string, string> {
  return Object.fromEntries(
    Object.entries<LocalText | CountedText>(texts).flatMap(([key, text]): [string, string][] => {
      if (language === 'zh') return [[key, text.zh]];
      if (typeof text.en === 'string') return [[key, text.en]];
      return [
        [`${key}_one`, text.en.one],
        [`${key}_other`, text.en.other],
      ];
    }),
  );
}

/** The language tag that `lang` and `Intl` want. */
export const languageTags: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

const stored = 'plantroom.language';

/** What the person chose here before, else what the browser speaks. */
function firstLanguage(): Language {
  const chosen = localStorage.getItem(stored);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export function setLanguage(language: Language): void {
  localStorage.setItem(stored, language);
  void i18next.changeLanguage(language);
}

/** Starts i18next in one language; React escapes what it shows, so i18next must not. */
export async function startTexts(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: ['en', 'zh'],
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: resourcesOf('en') }, zh: { translation: resourcesOf('zh') } },
  });
}

/** Starts the texts in the browser and keeps the page's `lang` in step. */
export async function startBrowserTexts(): Promise<void> {
  const mark = (language: string) => {
    document.documentElement.lang = language === 'zh' ? languageTags.zh : languageTags.en;
  };
  i18next.on('languageChanged', mark);
  await startTexts(firstLanguage());
}
