import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Building } from '../building/building.ts';
import type { PanelEvent } from '../panel/fire-panel.ts';
import { catalogue, type FaultDefinition } from './catalogue.ts';
import { FaultBook } from './fault-book.ts';

const night = Date.parse('2026-11-18T02:00:00+08:00');

function building(seed = 1) {
  const events: PanelEvent[] = [];
  const made = new Building({
    seed,
    at: night,
    historyDays: 1,
    saved: undefined,
    onPanelEvent: (event) => events.push(event),
    onMissedQuarter: () => {},
  });
  let at = night;
  const live = (seconds: number) => {
    for (let i = 0; i < seconds; i += 1) {
      at += 1000;
      made.stepLifts(at, 1);
      made.step(at, 1);
    }
  };
  const inject = (fault: string, target: string, parameters?: object) => made.faults.add(fault, target, parameters, at);
  return { made, events, live, inject };
}

describe('the book of faults', () => {
  it('accepts every fault on each of its targets with nothing but defaults', () => {
    for (const [fault, { targets, title }] of Object.entries<FaultDefinition>(catalogue)) {
      expect(title.zh).not.toBe('');
      for (const target of targets)
        expect(new FaultBook().add(fault, target, undefined, 0)).toMatchObject({ fault, target });
    }
  });

  it.each([
    ['pump-rusts', 'booster-1', undefined, 'unknown-fault'],
    ['toString', 'booster-1', undefined, 'unknown-fault'],
    ['pump-dry-run', 'elevator-1', undefined, 'unknown-target'],
    ['late-answer', 'booster-1', { delay: '3' }, 'bad-parameters'],
    ['late-answer', 'booster-1', { late: 3 }, 'bad-parameters'],
    ['meter-ct-reversed', 'main-meter', { phase: 4 }, 'bad-parameters'],
  ])('refuses %s on %s with %j', (fault, target, parameters, code) => {
    expect(() => new FaultBook().add(fault, target, parameters, 0)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a fault twice, but lets several detectors burn', () => {
    const book = new FaultBook();
    book.add('pump-trip', 'booster-1', {}, 0);
    expect(() => book.add('pump-trip', 'booster-1', {}, 0)).toThrow(
      expect.objectContaining({ code: 'already-active' }),
    );
    book.add('detector-fire-alarm', 'fire-panel', {}, 0);
    book.add('detector-fire-alarm', 'fire-panel', { device: 18 }, 0);
    expect(() => book.add('detector-fire-alarm', 'fire-panel', { loop: 2, device: 17 }, 0)).toThrow(/already active/);
  });

  it('knows what is active after any sequence of injecting and clearing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('booster-1', 'booster-2', 'booster-3')), (targets) => {
        const book = new FaultBook();
        const active = new Map<string, string>();
        for (const target of targets) {
          const id = active.get(target);
          if (id) book.remove(id);
          if (id) active.delete(target);
          else active.set(target, book.add('pump-trip', target, {}, 0).id);
          expect(
            book
              .list()
              .map((f) => f.target)
              .sort(),
          ).toEqual([...active.keys()].sort());
        }
      }),
    );
    expect(() => new FaultBook().remove('fault-9')).toThrow(expect.objectContaining({ code: 'no-such-fault' }));
  });
});

describe('the building', () => {
  it('keeps the main meter at the sum of the others plus losses, live', () => {
    const { made, live } = building();
    for (let i = 0; i < 20; i += 1) {
      live(5);
      const [main, ...subs] = [...made.meters.meters.values()].map((m) => m.power);
      const sum = subs.reduce((a, b) => a + b, 0);
      expect((main ?? 0) - sum).toBeGreaterThan(1.8);
      expect(((main ?? 0) - sum) / sum).toBeLessThan(0.04);
    }
  });

  it('lives the same life for the same seed', () => {
    const [one, two, other] = [building(4), building(4), building(5)];
    for (const b of [one, two, other]) b.live(120);
    expect(one.made.state(0)).toEqual(two.made.state(0));
    expect(one.made.state(0).meters).not.toEqual(other.made.state(0).meters);
  });

  it('carries the main meter’s count of a load that was left on at night', () => {
    const { made, live, inject } = building();
    const chiller = () => made.meters.meters.get('chiller-meter')?.power ?? 0;
    const main = () => made.meters.meters.get('main-meter')?.power ?? 0;
    live(2);
    const [quietChiller, quietMain] = [chiller(), main()];
    const { id } = inject('night-load-left-on', 'chiller-meter');
    live(2);
    expect(chiller()).toBe(120);
    expect(main() - quietMain).toBeGreaterThan(0.97 * (120 - quietChiller));
    made.faults.remove(id);
    live(2);
    expect(chiller()).toBeLessThan(15);
  });

  it('resets a register once', () => {
    const { made, live, inject } = building();
    inject('meter-register-reset', 'carpark', { to: 5 });
    live(60);
    const reading = made.meters.meters.get('carpark')?.counters.import ?? 0;
    expect(reading).toBeGreaterThan(5);
    expect(reading).toBeLessThan(6);
  });

  it('turns a current transformer on one meter only', () => {
    const { made, live, inject } = building();
    inject('meter-ct-reversed', 'tenant-low', { phase: 2 });
    live(2);
    const [l1, l2] = made.meters.meters.get('tenant-low')?.electrical.active ?? [];
    expect([Math.sign(l1 ?? 0), Math.sign(l2 ?? 0)]).toEqual([1, -1]);
    expect(made.meters.meters.get('main-meter')?.electrical.active.every((p) => p > 0)).toBe(true);
  });

  it('has the panel report detector and trouble, and stay dumb when silent', () => {
    const { made, events, live, inject } = building();
    inject('detector-fire-alarm', 'fire-panel');
    inject('panel-trouble', 'fire-panel', { kind: 'mains' });
    inject('detector-disabled', 'fire-panel');
    inject('panel-manual', 'fire-panel');
    live(1);
    expect(events.map((e) => e.category)).toEqual(['fire', 'disabled', 'mains-fault', 'manual']);
    inject('device-silent', 'fire-panel');
    inject('panel-trouble', 'fire-panel', { kind: 'loop' });
    live(5);
    expect(events).toHaveLength(4);
    expect(made.disturbance('fire-panel')?.silent).toBe(true);
  });

  it('disturbs a link as the parameters say', () => {
    const { made, inject } = building();
    expect(made.disturbance('booster-1')).toBeNull();
    inject('modbus-exception', 'booster-1', { code: 2, address: 301 });
    inject('late-answer', 'booster-1', { delay: 700 });
    const link = made.disturbance('booster-1');
    expect(link?.exception({ code: 3, address: 300, count: 2 })).toBe(2);
    expect(link?.exception({ code: 3, address: 302, count: 2 })).toBeUndefined();
    expect(link?.delay()).toBe(700);
    expect(made.disturbance('booster-2')).toBeNull();
  });
});
