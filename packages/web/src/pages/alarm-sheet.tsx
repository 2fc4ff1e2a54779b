import type { LocalText } from '@plantroom/model';
import type { AlarmView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { alarmQuery } from '../api/queries.ts';
import { Age } from '../components/age.tsx';
import { AlarmEvidence } from '../components/alarm-evidence.tsx';
import { AlarmStateChip } from '../components/alarm-state-chip.tsx';
import { PrioritySymbol } from '../components/priority-symbol.tsx';
import { Ready } from '../components/ready.tsx';
import { Sheet } from '../components/sheet.tsx';
import { useNames } from '../components/use-names.ts';
import { usePeople } from '../components/use-people.ts';
import { useWhat } from '../components/use-what.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { usePlace, useSite } from '../layout/site-context.ts';
import { paths } from '../util/paths.ts';
import { saidByStages } from '../util/stage-reasons.ts';
import { formatFull, formatSpan, minute } from '../util/time.ts';
import { AlarmActions } from './alarm-actions.tsx';
import { AlarmJournal } from './alarm-journal.tsx';

/** Everything about one alarm, and what can be done with it. */
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
  const { t, local, language } = useTexts();
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
      <Standing alarm={alarm} />
      <AlarmActions alarm={alarm} />
      <Said title={t('alarm.cause')} text={alarm.cause} />
      <Said title={t('alarm.consequence')} text={alarm.consequence} />
      <h3>{t('alarm.steps')}</h3>
      {alarm.respondWithin !== undefined && (
        <p className="muted">
          {t('alarm.respondWithin', { span: formatSpan(alarm.respondWithin * minute, language) })}
        </p>
      )}
      <ol>
        {alarm.steps.map((step) => (
          <li key={step.en}>{local(step)}</li>
        ))}
      </ol>
      {alarm.evidence.length > 0 && <h3>{t('alarm.evidence')}</h3>}
      <AlarmEvidence alarm={alarm} />
      <AlarmJournal alarm={alarm} />
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

/** Who or what has put the alarm out of the way, why, and until when; and what asks for somebody to act. */
function Standing({ alarm }: { readonly alarm: AlarmView }) {
  const texts = useTexts();
  const { t } = texts;
  const place = usePlace();
  const personOf = usePeople();
  const { shelving, removal, suppression, chattering } = alarm;
  const hidden = suppression?.reason;
  const reasons =
    hidden === undefined
      ? []
      : ['explain', 'group', 'maintain', 'start-up'].map((stage) => ({ stage, reason: hidden }));
  const nameOf = useWhat(alarm.equipment, reasons);
  const said: string[] = [];
  if (shelving) {
    const { oneShot, until, by, reason } = shelving;
    const values = { until: formatFull(until, place), name: personOf(by), reason };
    said.push(t(oneShot ? 'alarm.shelvedOnce' : 'alarm.shelvedUntil', values));
  }
  if (removal) {
    const { since, by, reason } = removal;
    said.push(t('alarm.removed', { since: formatFull(since, place), name: personOf(by), reason }));
  }
  said.push(...saidByStages(reasons, texts, nameOf));
  if (chattering) said.push(t('alarm.chattering'));
  if (said.length === 0) return null;
  return (
    <div className="notice-box" role="status">
      {said.map((each) => (
        <p key={each}>{each}</p>
      ))}
    </div>
  );
}
