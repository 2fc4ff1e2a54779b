import { describe, expect, test } from 'vitest';
import { TimeSurvey, timeIn } from './times.ts';

function read(...cells: string[]): { times: (string | undefined)[]; said: string[] } {
  const survey = new TimeSurvey();
  for (const cell of cells) survey.add(cell);
  const times = cells.map((cell) => timeIn(cell, survey.format));
  return {
    times: times.map((time) => (time === undefined ? undefined : new Date(time).toISOString().slice(0, 19))),
    said: survey.said,
  };
}

describe('a time in a cell', () => {
  test.each([
    ['2018-02-01T00:15:00Z', '2018-02-01T00:15:00'],
    ['2018-02-01 00:15:00.000000', '2018-02-01T00:15:00'],
    ['2018-02-01T00:15+08:00', '2018-01-31T16:15:00'],
    ['2018-02-01 00:15:00-0530', '2018-02-01T05:45:00'],
    ['2018/2/1 0:15', '2018-02-01T00:15:00'],
    ['2018-02-01', '2018-02-01T00:00:00'],
    ['20180201T001500Z', '2018-02-01T00:15:00'],
    ['01.02.2018 24:00', '2018-02-02T00:00:00'],
    ['01-Feb-2018 12:15 AM', '2018-02-01T00:15:00'],
    ['1 February 18 1:05:09 pm', '2018-02-01T13:05:09'],
    ['1517444100', '2018-02-01T00:15:00'],
    ['1517444100.5', '2018-02-01T00:15:00'],
    ['1517444100000', '2018-02-01T00:15:00'],
    ['1517444100000000', '2018-02-01T00:15:00'],
    ['1517444100000000000', '2018-02-01T00:15:00'],
    ['13/02/2018 00:15', '2018-02-13T00:15:00'],
    ['02/13/18 00:15', '2018-02-13T00:15:00'],
    ['2018-02-30', undefined],
    ['2018-02-01 25:00', undefined],
    ['Monday', undefined],
    ['', undefined],
  ])('%j', (cell, time) => expect(read(cell).times).toEqual([time]));

  test('has the day or the month first, as the whole column tells', () => {
    const first = (...cells: string[]) => read(...cells).times[0]?.slice(0, 10);
    expect(first('01/02/2018', '28/02/2018')).toBe('2018-02-01');
    expect(first('01/02/2018', '02/28/2018')).toBe('2018-01-02');
    expect(first('01/02/2018', '01/03/2018')).toBe('2018-01-02');
    expect(first('01/02/2018', '02/02/2018')).toBe('2018-02-01');
    expect(first('11/12/2018', '12/12/2018', '01/01/2019')).toBe('2018-12-11');
    expect(first('01/01/2018')).toBe('2018-01-01');
  });

  test('is in the unit that most of the column has', () => {
    expect(read('1517444100', '99999999999999', '1517444400').times).toEqual([
      ...['2018-02-01T00:15:00', undefined, '2018-02-01T00:20:00'],
    ]);
  });

  test('says what was decided', () => {
    expect(read('01/02/2018 00:15', '13/02/2018 00:15').said).toEqual([
      'times have no zone and are taken as UTC',
      'dates such as 01/02/2018 are read day first: otherwise some would have a month beyond 12',
    ]);
    expect(read('1517444100').said).toEqual(['times are numbers, taken as seconds since 1970']);
    expect(read('2018-02-01T00:15Z', '2018-02-01T00:15+01').said).toEqual([]);
  });
});
