import type { AlarmAction, AlarmView } from '@plantroom/model/api';
import { type FormEvent, useState } from 'react';
import { useAlarmAction } from '../api/mutations.ts';
import { Problem } from '../components/notice.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { useNow } from '../live/use-now.ts';
import { formatSpan, minute } from '../util/time.ts';

/** What can be done with an alarm in its state; until the gateway has echoed a click, the click is only on its way. */
export function AlarmActions({ alarm }: { readonly alarm: AlarmView }) {
  const { t, language } = useTexts();
  const now = useNow();
  if (alarm.pending !== null)
    return (
      <div className="notice-box" role="status">
        <b>{t('alarms.waiting')}</b>
        <p>{t('alarms.waitingLong', { age: formatSpan(now - alarm.pending.since, language) })}</p>
      </div>
    );
  if (alarm.endedAt !== null) return null;
  return (
    <>
      {!alarm.facts.acknowledged && <Acknowledge alarm={alarm} />}
      <Others alarm={alarm} />
    </>
  );
}

function Acknowledge({ alarm }: { readonly alarm: AlarmView }) {
  const { t } = useTexts();
  const [comment, setComment] = useState('');
  const { mutate, isPending, error } = useAlarmAction(alarm);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    mutate({ action: 'acknowledge', comment });
  };
  return (
    <form className="notice-box" onSubmit={onSubmit}>
      {error && <Problem error={error} />}
      <label className="field">
        <span>{t('alarms.comment')}</span>
        <textarea
          maxLength={500}
          placeholder={t('alarms.commentHint')}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </label>
      <button type="submit" className="button primary" disabled={isPending}>
        {t('alarms.acknowledge')}
      </button>
    </form>
  );
}

type Hiding = 'shelve' | 'remove-from-service';

/** Reset and the ways back are one click; what hides an alarm asks for a reason first. */
function Others({ alarm }: { readonly alarm: AlarmView }) {
  const { t } = useTexts();
  const [hiding, setHiding] = useState<Hiding>();
  const { mutate, isPending, error } = useAlarmAction(alarm);
  const { latched, active, shelved, outOfService } = alarm.facts;
  const direct: AlarmAction[] = [];
  if (latched && !active) direct.push('reset');
  if (shelved) direct.push('unshelve');
  if (outOfService) direct.push('return-to-service');
  const asking: Hiding[] = [];
  if (!shelved && !alarm.safety) asking.push('shelve');
  if (!outOfService && !alarm.safety) asking.push('remove-from-service');
  if (hiding) return <Hide alarm={alarm} action={hiding} onClose={() => setHiding(undefined)} />;
  return (
    <>
      {error && <Problem error={error} />}
      <div className="buttons alarm-buttons">
        {direct.map((action) => (
          <button
            key={action}
            type="button"
            className="button"
            disabled={isPending}
            onClick={() => mutate({ action, comment: '' })}
          >
            {t(`alarm.do.${action}`)}
          </button>
        ))}
        {asking.map((action) => (
          <button key={action} type="button" className="button" onClick={() => setHiding(action)}>
            {t(`alarm.do.${action}`)} …
          </button>
        ))}
      </div>
      {alarm.safety && <p className="muted small">{t('alarm.neverHidden')}</p>}
    </>
  );
}

/** Minutes; a day is the most that a gateway grants. */
const spans = [30, 120, 480, 1440] as const;

interface HideProps {
  readonly alarm: AlarmView;
  readonly action: Hiding;
  readonly onClose: () => void;
}

function Hide({ alarm, action, onClose }: HideProps) {
  const { t, language } = useTexts();
  const [comment, setComment] = useState('');
  const [minutes, setMinutes] = useState<number>(480);
  const [oneShot, setOneShot] = useState(false);
  const { mutate, isPending, error } = useAlarmAction(alarm);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const shelving = action === 'shelve' ? { minutes, oneShot } : {};
    mutate({ action, comment: comment.trim(), ...shelving }, { onSuccess: onClose });
  };
  return (
    <form className="notice-box" onSubmit={onSubmit}>
      <b>{t(`alarm.do.${action}`)}</b>
      <p>{t(`alarm.means.${action}`)}</p>
      {error && <Problem error={error} />}
      {action === 'shelve' && (
        <div className="shelving">
          <Segmented
            label={t('alarm.shelveFor')}
            options={spans.map((span) => ({ value: String(span), label: formatSpan(span * minute, language) }))}
            value={String(minutes)}
            onChange={(value) => setMinutes(Number(value))}
          />
          <label className="check">
            <input type="checkbox" checked={oneShot} onChange={(event) => setOneShot(event.target.checked)} />
            <span>{t('alarm.oneShot')}</span>
          </label>
        </div>
      )}
      <label className="field">
        <span>{t('alarm.reason')}</span>
        <textarea maxLength={500} required value={comment} onChange={(event) => setComment(event.target.value)} />
      </label>
      <div className="buttons">
        <button type="submit" className="button primary" disabled={isPending || comment.trim() === ''}>
          {t(`alarm.do.${action}`)}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {t('alarm.cancel')}
        </button>
      </div>
    </form>
  );
}
