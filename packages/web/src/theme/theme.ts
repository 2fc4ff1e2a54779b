import { useSyncExternalStore } from 'react';

export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const stored = 'plantroom.theme';
const listeners = new Set<() => void>();

function chosen(): Theme | undefined {
  const value = localStorage.getItem(stored);
  return themes.find((theme) => theme === value);
}

function present(): Theme {
  return document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';
}

function show(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  for (const listener of listeners) listener();
}

/** Shows what was chosen here before; without a choice the theme follows the system, also when that changes. */
export function startTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => show(chosen() ?? (system.matches ? 'dark' : 'light'));
  system.addEventListener('change', follow);
  follow();
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(stored, theme);
  show(theme);
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    present,
    () => 'light' as const,
  );
}

/** The value of a colour token, for pictures that are not made of CSS. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
