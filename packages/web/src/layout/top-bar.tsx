import { useEffect, useState } from 'react';
import { setLanguage } from '../i18n/setup.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { setTheme, useTheme } from '../theme/theme.ts';
import { AccountMenu } from './account-menu.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { SearchDialog } from './search-dialog.tsx';

export function TopBar() {
  return (
    <header className="top">
      <SearchButton />
      <LiveIndicator />
      <LanguageSwitch />
      <ThemeSwitch />
      <AccountMenu />
    </header>
  );
}

/** Looks like a field, opens the search; so does Ctrl K (Cmd K) from anywhere. */
function SearchButton() {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        className="search"
        aria-label={t('search.open')}
        aria-keyshortcuts="Control+K"
        onClick={() => setOpen(true)}
      >
        <svg width={14} height={14} viewBox="0 0 14 14" aria-hidden="true">
          <circle cx={6} cy={6} r={4.4} fill="none" stroke="currentColor" strokeWidth={1.5} />
          <path d="M9.4 9.4 13 13" stroke="currentColor" strokeWidth={1.5} />
        </svg>
        <span>{t('search.open')}</span>
        <kbd>Ctrl K</kbd>
      </button>
      {isOpen && <SearchDialog onClose={() => setOpen(false)} />}
    </>
  );
}

export function LanguageSwitch() {
  const { t, language } = useTexts();
  return (
    <fieldset className="language" aria-label={t('language.label')}>
      <button type="button" aria-pressed={language === 'en'} lang="en" onClick={() => setLanguage('en')}>
        <span aria-hidden="true">EN</span>
        <span className="hidden">{t('language.en')}</span>
      </button>
      <button type="button" aria-pressed={language === 'zh'} lang="zh-CN" onClick={() => setLanguage('zh')}>
        {t('language.zh')}
      </button>
    </fieldset>
  );
}

export function ThemeSwitch() {
  const { t } = useTexts();
  const theme = useTheme();
  const next = theme === 'dark' ? 'light' : 'dark';
  const label = t(next === 'dark' ? 'theme.toDark' : 'theme.toLight');
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={() => setTheme(next)}>
      <svg width={16} height={16} viewBox="0 0 16 16" aria-hidden="true">
        <circle cx={8} cy={8} r={6} fill="none" stroke="currentColor" strokeWidth={1.5} />
        <path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" />
      </svg>
    </button>
  );
}
