import { type WorkOrderAction, workOrderActions } from '@plantroom/model';
import type { WorkOrderView } from '@plantroom/model/api';
import { stateLabels } from '@plantroom/operations';
import { Card } from '../../components/card.tsx';
import { usePeople } from '../../components/use-people.ts';
import { type UsedTexts, useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { formatFull } from '../../util/time.ts';

type Entry = WorkOrderView['history'][number];

function isAction(action: string): action is WorkOrderAction {
  return workOrderActions.some((each) => each === action);
}

/** What the gateway adds to an order of its own. */
const gatewayActions = { raise: 'order.raised', merge: 'order.merged', 'alarm-ended': 'order.alarmEnded' } as const;

function isGatewayAction(action: string): action is keyof typeof gatewayActions {
  return Object.hasOwn(gatewayActions, action);
}

/** What an entry says; a ticked step carries its number as the comment. */
function wordsOf(entry: Entry, { t, local }: UsedTexts): { what: string; comment: string } {
  if (entry.action === 'step-done') return { what: t('order.stepTicked', { step: entry.comment }), comment: '' };
  if (entry.action === 'step-undone') return { what: t('order.stepUnticked', { step: entry.comment }), comment: '' };
  if (isGatewayAction(entry.action)) return { what: t(gatewayActions[entry.action]), comment: entry.comment };
  if (isAction(entry.action)) return { what: t(`order.did.${entry.action}`), comment: entry.comment };
  return { what: local(stateLabels[entry.to]), comment: entry.comment };
}

/** Who did what when, the newest first. */
export function OrderHistory({ order }: { readonly order: WorkOrderView }) {
  const texts = useTexts();
  const { t, local } = texts;
  const place = usePlace();
  const personOf = usePeople();
  const entries = [...order.history].reverse();
  return (
    <Card title={t('order.history')}>
      <ol className="history">
        {entries.map((entry) => {
          const { what, comment } = wordsOf(entry, texts);
          return (
            <li key={`${entry.time}-${entry.action}-${entry.comment}`}>
              <time className="muted small" dateTime={new Date(entry.time).toISOString()}>
                {formatFull(entry.time, place)}
              </time>
              <span className="strong">{what}</span>
              <span className="muted">{personOf(entry.actor)}</span>
              {entry.from !== null && entry.from !== entry.to && (
                <span className="chip">{local(stateLabels[entry.to])}</span>
              )}
              {comment && <p className="history-comment">{comment}</p>}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
