import { z } from 'zod';

/** A text for people in both languages of the product. */
export const localText = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });
export type LocalText = z.infer<typeof localText>;

/** One text that serves in both languages, such as `AHU-3`. */
export function bothLanguages(text: string): LocalText {
  return { en: text, zh: text };
}

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];
