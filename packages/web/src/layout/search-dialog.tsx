import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { equipmentQuery, openAlarmsQuery, openOrdersQuery } from '../api/queries.ts';
import { PrioritySymbol } from '../components/priority-symbol.tsx';
import { Sheet } from '../components/sheet.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { paths } from '../util/paths.ts';
import { type Found, find } from '../util/search.ts';
import { useSite } from './site-context.ts';

function addressOf(site: string, found: Found): string {
  if (found.type === 'equipment') return paths.equipment(site, found.equipment.id);
  if (found.type === 'alarm') return paths.alarm(site, found.alarm.id);
  return paths.order(site, found.order.id);
}

function useFound(query: string): Found[] {
  const { id } = useSite();
  const { data: equipment = [] } = useQuery(equipmentQuery(id));
  const { data: alarms = [] } = useQuery(openAlarmsQuery(id));
  const { data: orders = [] } = useQuery(openOrdersQuery(id));
  return find(query, { equipment, alarms, orders });
}

/** One field for everything that has a name: arrows choose, Enter goes there. */
export function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTexts();
  const { id: site } = useSite();
  const listId = useId();
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const results = useFound(query);
  const at = Math.min(chosen, results.length - 1);
  const go = (found: Found | undefined) => {
    if (!found) return;
    onClose();
    void navigate({ to: addressOf(site, found) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (move !== 0) {
      event.preventDefault();
      setChosen((at + move + results.length) % Math.max(1, results.length));
    } else if (event.key === 'Enter') go(results[at]);
  };
  return (
    <Sheet label={t('search.open')} place="top" onClose={onClose}>
      <input
        className="search-input"
        type="text"
        role="combobox"
        aria-label={t('search.label')}
        placeholder={t('search.open')}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={results.length > 0 ? `${listId}-${at}` : undefined}
        autoComplete="off"
        data-focus
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      {results.length === 0 && (
        <p className="muted" role="status">
          {t('search.none')}
        </p>
      )}
      <div id={listId} role="listbox" aria-label={t('search.results')} className="results">
        {results.map((found, index) => (
          <Result
            key={addressOf(site, found)}
            id={`${listId}-${index}`}
            isChosen={index === at}
            found={found}
            onPick={() => go(found)}
          />
        ))}
      </div>
    </Sheet>
  );
}

interface ResultProps {
  readonly id: string;
  readonly found: Found;
  readonly isChosen: boolean;
  readonly onPick: () => void;
}

function Result({ id, found, isChosen, onPick }: ResultProps) {
  const { t, local } = useTexts();
  const [name, more] =
    found.type === 'equipment'
      ? [local(found.equipment.name), local(found.equipment.place)]
      : found.type === 'alarm'
        ? [local(found.name), local(found.alarm.detail)]
        : [found.order.number, `${local(found.name)} ${local(found.order.title)}`];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above keeps the focus and handles the keys.
    <div id={id} role="option" tabIndex={-1} aria-selected={isChosen} className="result" onClick={onPick}>
      <span className="result-mark">
        {found.type === 'alarm' && <PrioritySymbol priority={found.alarm.priority} />}
      </span>
      <span className="strong">{name}</span> <span className="muted">{more}</span>{' '}
      <span className="muted small">{t(`search.${found.type}`)}</span>
    </div>
  );
}
