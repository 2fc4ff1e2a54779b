import type { Words } from './tables-plant.ts';

/** How alarms came to be as they are: a row for each version. `body` is the transition as JSON. */
export const alarmJournal = ({ text, integer, keyed }: Words) => `
CREATE TABLE alarm_journal (
  alarm ${text} NOT NULL, version ${integer} NOT NULL, time ${integer} NOT NULL, input ${text} NOT NULL, body ${text} NOT NULL,
  PRIMARY KEY (alarm, version)
)${keyed};
`;

/** The journal of a period is read for its metrics. */
export const alarmJournalByTime = () => 'CREATE INDEX alarm_journal_by_time ON alarm_journal (time);';
