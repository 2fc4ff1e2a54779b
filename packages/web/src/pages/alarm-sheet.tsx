import { kinds, type LocalText, pointDefinition } from '@plantroom/model';
import type { AlarmView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useAcknowledge } from '../api/mutations.ts';
import { alarmQuery, equipmentQuery } from '../api/queries.ts';
import { Age } from '../components/age.tsx';
import { AlarmStateChip } from '../components/alarm-state-chip.tsx';
import { Problem } from '../components/notice.tsx';
import { PrioritySymbol } from '../components/priority-symbol.tsx';
import { Ready } from '../components/ready.tsx';
import { Sheet } from '../components/sheet.tsx';
import { useNames } from '../components/use-names.ts';
import { usePeople } from '../components/use-people.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { usePlace, useSite } from '../layout/site-context.ts';
import { useNow } from '../live/use-now.ts';
import { formatValue } from '../util/numbers.ts';
import { paths } from '../util/paths.ts';
import { formatFull, formatSpan } from '../util/time.ts';

/** Everything about one alarm, and the one thing to do with it. */
export function AlarmSheet({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t } = useTexts();
  const query = useQuery(alarmQuery(id));
  return (
    <Sheet label={t('alarm.drawer')} place="side" onClose={onClose}>
      <Ready query={query}>{(alarm) => <AlarmDetails alarm={alarm} />}</Ready>
    </Sheet>
  );
}

function AlarmDetails({ alarm }: { readonly alarm: AlarmView }) {
  const { t, local } = useTexts();
  const site = useSite();
  const name = useNames()(alarm.equipment);
  return (
    <>
      <p className="sheet-over">
        <PrioritySymbol priority={alarm.priority} /> <span>{name}</span> <AlarmStateChip alarm={alarm} />
      </p>
      <h2 className="sheet-title">{local(alarm.detail)}</h2>
      <p className="muted">
        {local(alarm.title)} · <Age since={alarm.raisedAt} />
      </p>
      <Acknowledge alarm={alarm} />
      <Said title={t('alarm.cause')} text={alarm.cause} />
      <Said title={t('alarm.consequence')} text={alarm.consequence} />
      <h3>{t('alarm.steps')}</h3>
      <ol>
        {alarm.steps.map((step) => (
          <li key={step.en}>{local(step)}</li>
        ))}
      </ol>
      <Evidence alarm={alarm} />
      <Journal alarm={alarm} />
      <p className="sheet-links">
        <Link to={paths.equipment(site.id, alarm.equipment)} className="link">
          {t('alarm.trend', { equipment: name })}
        </Link>
        {alarm.order && (
          <Link to={paths.order(site.id, alarm.order.id)} className="link">
            {t('alarm.order')} {alarm.order.number}
          </Link>
        )}
      </p>
    </>
  );
}

function Said({ title, text }: { readonly title: string; readonly text: LocalText }) {
  const { local } = useTexts();
  return (
    <>
      <h3>{title}</h3>
      <p>{local(text)}</p>
    </>
  );
}

/** Until the gateway has echoed the click, the click is only on its way. */
function Acknowledge({ alarm }: { readonly alarm: AlarmView }) {
  const { t, language } = useTexts();
  const now = useNow();
  const [comment, setComment] = useState('');
  const { mutate, isPending, error } = useAcknowledge(alarm);
  if (alarm.pending !== null)
    return (
      <div className="notice-box" role="status">
        <b>{t('alarms.waiting')}</b>
        <p>{t('alarms.waitingLong', { age: formatSpan(now - alarm.pending.since, language) })}</p>
      </div>
    );
  if (alarm.facts.acknowledged || alarm.endedAt !== null) return null;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    mutate(comment);
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

function Evidence({ alarm }: { readonly alarm: AlarmView }) {
  const { t, local, language } = useTexts();
  const site = useSite();
  const { data: equipment = [] } = useQuery(equipmentQuery(site.id));
  const machine = equipment.find((each) => each.id === alarm.equipment);
  if (alarm.evidence.length === 0) return null;
  return (
    <>
      <h3>{t('alarm.evidence')}</h3>
      <dl className="facts">
        {alarm.evidence.map(({ point, value }) => {
          const definition = machine && pointDefinition(kinds[machine.kind], point);
          const shown = value === null ? undefined : formatValue(definition, value, language, local);
          return (
            <div key={point}>
              <dt>{definition ? local(definition.label) : point}</dt>
              <dd>{shown ? `${shown.text} ${shown.unit}` : '–'}</dd>
            </div>
          );
        })}
      </dl>
    </>
  );
}

function Journal({ alarm }: { readonly alarm: AlarmView }) {
  const { t } = useTexts();
  const place = usePlace();
  const personOf = usePeople();
  const acknowledged =
    alarm.acknowledgedBy === null
      ? t('alarm.acknowledgedAt')
      : t('alarm.acknowledgedBy', { name: personOf(alarm.acknowledgedBy) });
  const entries = [
    { label: t('alarm.raisedAt'), time: alarm.raisedAt },
    { label: acknowledged, time: alarm.acknowledgedAt },
    { label: t('alarm.clearedAt'), time: alarm.clearedAt },
    { label: t(alarm.ending === 'withdrawn' ? 'alarm.withdrawn' : 'alarm.endedAt'), time: alarm.endedAt },
  ];
  return (
    <>
      <h3>{t('alarm.journal')}</h3>
      <dl className="facts">
        {entries
          .flatMap(({ label, time }) => (time === null ? [] : [{ label, time }]))
          .sort((a, b) => a.time - b.time)
          .map(({ label, time }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{formatFull(time, place)}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
