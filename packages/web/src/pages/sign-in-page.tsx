import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { keys } from '../api/keys.ts';
import { signIn } from '../api/mutations.ts';
import { Problem } from '../components/notice.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { Brand } from '../layout/brand.tsx';
import { LanguageSwitch, ThemeSwitch } from '../layout/top-bar.tsx';
import { paths } from '../util/paths.ts';

/** The token in a link's fragment, in a whole pasted link, or the pasted token itself. */
export function tokenOf(text: string): string | undefined {
  const inLink = new URLSearchParams(text.slice(text.indexOf('#') + 1)).get('token');
  const token = (text.includes('#') ? inLink : text)?.trim();
  return token ? token : undefined;
}

/** Something that was cut off is told before it is sent. */
export const mayBeToken = (token: string) => token.length >= 16 && token.length <= 200;

function useSignIn() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: signIn,
    onSuccess: async (session) => {
      client.setQueryData(keys.session, session);
      // What was refused without a session must be asked again.
      await client.resetQueries({ predicate: (query) => query.state.status === 'error' });
      await navigate({ to: paths.home(), replace: true });
    },
  });
}

/** Takes the link's one-time token for a session; without one it says how to get a link. */
export function SignInPage() {
  const { t } = useTexts();
  const { mutate, isPending, error } = useSignIn();
  useEffect(() => {
    const take = () => {
      const token = tokenOf(location.hash);
      if (token === undefined || !location.hash) return;
      // Out of the address before it is used: it must not stay in the history, nor be sent twice.
      history.replaceState(history.state, '', paths.signIn());
      mutate(token);
    };
    take();
    // A fresh link pasted into this very tab changes the fragment alone.
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, [mutate]);
  return (
    <main className="sign-in">
      <title>{`${t('signIn.title')} · ${t('app.name')}`}</title>
      <div className="card sign-in-card">
        <div className="sign-in-head">
          <Brand />
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
        <h1>{t('signIn.title')}</h1>
        {isPending ? <p role="status">{t('signIn.working')}</p> : <p>{t('signIn.how')}</p>}
        {error && <Problem error={error} />}
        {!isPending && <TokenForm onToken={mutate} />}
      </div>
    </main>
  );
}

function TokenForm({ onToken }: { readonly onToken: (token: string) => void }) {
  const { t } = useTexts();
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const token = tokenOf(text);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (token === undefined) return;
    setIsWrong(!mayBeToken(token));
    if (mayBeToken(token)) onToken(token);
  };
  return (
    <form onSubmit={onSubmit}>
      <p className="muted">{t('signIn.where')}</p>
      <label className="field">
        <span>{t('signIn.paste')}</span>
        <input type="text" autoComplete="one-time-code" value={text} onChange={(e) => setText(e.target.value)} />
      </label>
      {isWrong && (
        <p className="notice problem" role="alert">
          {t('signIn.noToken')}
        </p>
      )}
      <button type="submit" className="button primary" disabled={token === undefined}>
        {t('signIn.submit')}
      </button>
    </form>
  );
}
