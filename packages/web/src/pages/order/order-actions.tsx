import type { WorkOrderAction } from '@plantroom/model';
import type { WorkOrderView } from '@plantroom/model/api';
import { actionLabels } from '@plantroom/operations';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useOrderAction } from '../../api/mutations.ts';
import { openAlarmsQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { Problem } from '../../components/notice.tsx';
import { useTexts } from '../../i18n/use-texts.ts';

/** The way of a job that goes well; its next step is the button that leads. */
const forward: readonly WorkOrderAction[] = ['accept', 'start', 'resume', 'resolve', 'close'];

/** What the state allows now, as the service says. */
export function OrderActions({ order }: { readonly order: WorkOrderView }) {
  const { t } = useTexts();
  const [comment, setComment] = useState('');
  const { mutate, isPending, error } = useOrderAction(order);
  const { data: alarms = [] } = useQuery(openAlarmsQuery(order.site));
  const isActive = alarms.some((each) => (each.id === order.alarm || each.order?.id === order.id) && each.facts.active);
  const isTooEarly = isActive && order.actions.includes('resolve');
  const undone = order.actions.includes('resolve') ? order.steps.filter(({ doneAt }) => doneAt === null).length : 0;
  const lead = forward.find((action) => order.actions.includes(action));
  const act = (action: WorkOrderAction, assignee?: string) =>
    mutate({ action, comment, ...(assignee !== undefined && { assignee }) }, { onSuccess: () => setComment('') });
  if (order.actions.length === 0)
    return (
      <Card title={t('order.actions')}>
        <p className="notice">{t('order.noActions')}</p>
      </Card>
    );
  return (
    <Card title={t('order.actions')} phone="orders" isWaiting={isPending}>
      {error && <Problem error={error} />}
      {isTooEarly && (
        <p className="notice problem" role="status">
          {t('order.stillActive')}
        </p>
      )}
      {undone > 0 && (
        <p className="notice" role="status">
          {t('order.stepsUndone', { count: undone, total: order.steps.length })}
        </p>
      )}
      <label className="field">
        <span>{t('order.comment')}</span>
        <textarea maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} />
      </label>
      <div className="buttons">
        {order.actions
          .filter((action) => action !== 'assign')
          .map((action) => (
            <ActionButton
              key={action}
              action={action}
              isLead={action === lead}
              isDisabled={isPending}
              onClick={() => act(action)}
            />
          ))}
      </div>
      {order.actions.includes('assign') && <Assign isPending={isPending} onAssign={(name) => act('assign', name)} />}
    </Card>
  );
}

interface ActionButtonProps {
  readonly action: WorkOrderAction;
  readonly isLead?: boolean;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
}

function ActionButton({ action, isLead = false, isDisabled, onClick }: ActionButtonProps) {
  const { local } = useTexts();
  return (
    <button type="button" className={isLead ? 'button primary' : 'button'} disabled={isDisabled} onClick={onClick}>
      {local(actionLabels[action])}
    </button>
  );
}

function Assign({ isPending, onAssign }: { isPending: boolean; onAssign: (name: string) => void }) {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const trimmed = name.trim();
  return (
    <div className="assign">
      <label className="field">
        <span>{t('order.assignTo')}</span>
        <input type="text" autoComplete="off" maxLength={128} value={name} onChange={(e) => setName(e.target.value)} />
      </label>
      <ActionButton action="assign" isDisabled={isPending || trimmed === ''} onClick={() => onAssign(trimmed)} />
    </div>
  );
}
