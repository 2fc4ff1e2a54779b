import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId } from 'react';
import { useSignOut } from '../api/mutations.ts';
import { sessionQuery } from '../api/queries.ts';
import { Problem } from '../components/notice.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { paths } from '../util/paths.ts';

/** Two letters for the round mark: of the first and last word, or the first two of a single one. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/)
    .filter(Boolean);
  const [first = '?', last] = [words[0], words.at(-1)];
  const letters = words.length > 1 && last ? `${[...first][0]}${[...last][0]}` : [...first].slice(0, 2).join('');
  return letters.toUpperCase();
}

export function AccountMenu() {
  const { t } = useTexts();
  const id = useId();
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const signOut = useSignOut(() => void navigate({ to: paths.signIn() }));
  if (!session) return <span className="who" aria-hidden="true" />;
  const { name, role } = session.user;
  return (
    <div className="account">
      <button type="button" className="who" popoverTarget={id} aria-label={t('account.label', { name })}>
        {initials(name)}
      </button>
      <div id={id} popover="auto" className="menu">
        <p className="menu-name">{name}</p>
        <p className="muted small">{t(`role.${role}`)}</p>
        <button type="button" className="button" onClick={() => signOut.mutate()} disabled={signOut.isPending}>
          {t('account.signOut')}
        </button>
        {signOut.error && <Problem error={signOut.error} />}
      </div>
    </div>
  );
}
