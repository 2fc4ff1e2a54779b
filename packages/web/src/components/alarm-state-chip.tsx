import type { AlarmView } from '@plantroom/model/api';
import { useTexts } from '../i18n/use-texts.ts';
import { isStanding } from '../util/alarms.ts';

/** The alarm's state in words; coloured only while somebody still has to look at it. */
export function AlarmStateChip({ alarm }: { readonly alarm: AlarmView }) {
  const { t } = useTexts();
  if (alarm.pending !== null) return <span className="chip pending">{t('alarms.waiting')}</span>;
  // Its point, rule or machine is gone: whether it has returned is nothing that anybody still waits for.
  if (alarm.ending === 'withdrawn') return <span className="chip">{t('alarm.did.withdraw')}</span>;
  const isUnseen = !alarm.facts.acknowledged && alarm.endedAt === null && isStanding(alarm);
  return <span className={isUnseen ? `chip chip-p${alarm.priority}` : 'chip'}>{t(`alarmState.${alarm.state}`)}</span>;
}
