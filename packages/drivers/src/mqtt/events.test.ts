import { deviceEvent } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { loadProfile } from '../profiles/index.ts';
import { ReportReader } from './events.ts';

const now = Date.UTC(2026, 2, 1, 8);
const hour = 3_600_000;

function panel() {
  const { events } = loadProfile('generic-fire-panel');
  if (!events) throw new TypeError('the panel reports no events');
  const reader = new ReportReader('panel', events);
  const report = { id: '1', time: new Date(now).toISOString(), category: 'fire', address: '1-7', message: 'FIRE' };
  return {
    hear: (change: object = {}, at = now, retained = false) =>
      reader.read(Buffer.from(JSON.stringify({ ...report, ...change })), retained, at)?.event,
    take: (payload: string | object) =>
      reader.read(
        Buffer.from(typeof payload === 'string' ? payload : JSON.stringify({ ...report, ...payload })),
        false,
        now,
      ),
  };
}

describe('a report of a panel', () => {
  it('that is sent again is the same event, later too', () => {
    const { hear } = panel();
    const first = hear();
    expect(first?.id).toMatch(/^panel:1:[0-9a-f]{20}$/);
    for (const at of [now + 100, now + hour, now + 20 * hour]) expect(hear({ sentAgain: at }, at)?.id).toBe(first?.id);
    expect(hear({}, now + 500 * hour, true)?.id).toBe(first?.id);
  });

  it('with a number that was used before is another event when it says anything else', () => {
    const { hear } = panel();
    const changes = [
      { time: new Date(now - hour).toISOString() },
      { category: 'fault' },
      { state: 'cleared' },
      { address: '1-8' },
      { zone: 2 },
      { message: 'FIRE IN THE ATTIC' },
    ];
    const ids = [{}, ...changes].map((change) => hear(change)?.id);
    expect(new Set(ids).size).toBe(changes.length + 1);
  });

  it('of a panel whose clock stands still is the same for ten minutes, and then another', () => {
    const { hear } = panel();
    const stopped = { time: '2000-01-01T00:00:00Z' };
    const first = hear(stopped);
    expect(hear(stopped, now + 600_000)?.id).toBe(first?.id);
    const second = hear(stopped, now + 600_001);
    expect(second?.id).not.toBe(first?.id);
    expect(hear(stopped, now + 600_002)?.id).toBe(second?.id);
  });

  it('whose clock stands still is forgotten after a thousand others, so that memory has a bound', () => {
    const { hear } = panel();
    const stopped = { time: '2000-01-01T00:00:00Z' };
    const first = hear(stopped);
    for (let n = 1; n <= 1000; n++) hear({ ...stopped, zone: n }, now + n);
    expect(hear(stopped, now + 2000)?.id).not.toBe(first?.id);
  });

  it.each(['x'.repeat(60), 'a b', '\u0000', '7'])('has an id that fits, whatever the panel’s own is: %j', (id) => {
    expect(panel().hear({ id })?.id.length).toBeLessThanOrEqual(128);
    expect(panel().hear({ id })?.id).toMatch(/^[\w:.-]+$/);
  });
});

describe('a report that does not fit the profile', () => {
  it.each([
    ['{"id":"d","category":"fire",', 'not JSON', '{"id":"d","category":"fire",'],
    [{ category: 'FIRE' }, 'category FIRE is not in the profile', 'FIRE'],
    [{ category: 'toString' }, 'category toString is not in the profile', 'toString'],
    [{ category: null }, 'no category under category', '1-7'],
  ])('%j is a fault that carries what was sent', (payload, reason, part) => {
    const report = panel().take(payload);
    expect(report).toMatchObject({ misfit: { en: reason }, event: { category: 'fault', gatewayTime: now } });
    expect(report?.event.message).toContain(`[${reason}] `);
    expect(report?.event.message).toContain(part);
  });

  it.each([
    [undefined, 'no time under time'],
    ['2026-03-01 08:00:00', 'time 2026-03-01 08:00:00 is not of the declared format'],
    ['2100-01-01T00:00:00Z', 'the panel’s clock says 2100-01-01T00:00:00Z'],
    ['1601-01-01T00:00:00Z', 'the panel’s clock says 1601-01-01T00:00:00Z'],
  ])('in its time (%s) is a fire at the time of its arrival', (time, reason) => {
    expect(panel().take({ time })).toMatchObject({
      misfit: { en: reason },
      event: { category: 'fire', time: now, message: `[${reason}] FIRE` },
    });
  });

  it('is none when it fits, or has nothing in it', () => {
    expect(panel().take({})).not.toHaveProperty('misfit');
    expect(panel().take('')).toBeUndefined();
  });

  it('fits the wire at any length', () => {
    const long = 'x'.repeat(5000);
    const equipment = { ...panel().take({ category: long, message: long, zone: long, address: long })?.event };
    expect(deviceEvent.safeParse(equipment).success).toBe(true);
  });
});
