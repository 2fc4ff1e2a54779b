import type { LocalText } from '@plantroom/model';

/** English has two forms where it counts, Chinese has one. `{{count}}` picks the form. */
export interface CountedText {
  readonly en: { readonly one: string; readonly other: string };
  readonly zh: string;
}

/** Texts of one part of the interface by key; both languages stand side by side so that neither can be forgotten. */
export type Texts = Readonly<Record<string, LocalText | CountedText>>;
