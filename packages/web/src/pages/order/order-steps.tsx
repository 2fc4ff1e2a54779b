import type { WorkOrderView } from '@plantroom/model/api';
import { isOpen } from '@plantroom/operations';
import { useState } from 'react';
import { useStepTick } from '../../api/mutations.ts';
import { Card } from '../../components/card.tsx';
import { Problem } from '../../components/notice.tsx';
import { usePeople } from '../../components/use-people.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { useNow } from '../../live/use-now.ts';
import { formatMoment } from '../../util/time.ts';

/** What to do, a tick each; who ticked it and when stays beside it. */
export function OrderSteps({ order }: { readonly order: WorkOrderView }) {
  const { t, local } = useTexts();
  const place = usePlace();
  const now = useNow();
  const personOf = usePeople();
  const { mutate, isPending, error } = useStepTick(order);
  // A tick shows at once, and goes back by itself if the service refuses it.
  const [ticked, setTicked] = useState<{ index: number; done: boolean }>();
  const tick = (index: number, isDone: boolean) => {
    setTicked({ index, done: isDone });
    mutate({ index, done: isDone }, { onSettled: () => setTicked(undefined) });
  };
  const done = order.steps.filter((step) => step.doneAt !== null).length;
  const canTick = isOpen(order.state) && !isPending;
  return (
    <Card title={t('order.steps')} note={t('order.stepsDone', { done, total: order.steps.length })}>
      {error && <Problem error={error} />}
      {order.steps.length === 0 && <p className="notice">{t('order.noSteps')}</p>}
      <ol className="steps">
        {order.steps.map(({ text, doneAt, doneBy }, index) => (
          <li key={text.en}>
            <label className="tick">
              <input
                type="checkbox"
                checked={ticked?.index === index ? ticked.done : doneAt !== null}
                disabled={!canTick}
                onChange={(event) => tick(index, event.target.checked)}
              />
              <span className={doneAt === null ? undefined : 'muted'}>{local(text)}</span>
            </label>
            {doneAt !== null && (
              <span className="muted small">
                {t('order.doneBy', {
                  time: formatMoment(doneAt, now, place),
                  name: doneBy === null ? '–' : personOf(doneBy),
                })}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
