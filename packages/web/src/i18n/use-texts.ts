import type { Language, LocalText } from '@plantroom/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TextKey } from './setup.ts';

export type Values = Readonly<Record<string, string | number>>;

export interface UsedTexts {
  readonly language: Language;
  /** The interface's own text; the compiler knows every key. */
  readonly t: (key: TextKey, values?: Values) => string;
  /** A text that came as data, in the language of the screen. */
  readonly local: (text: LocalText) => string;
}

export function useTexts(): UsedTexts {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  return useMemo(
    () => ({ language, t: (key, values) => String(t(key, { ...values })), local: (text) => text[language] }),
    [t, language],
  );
}
