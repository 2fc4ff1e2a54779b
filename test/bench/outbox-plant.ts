import type { ModelRevision } from '@plantroom/model';
import { type PackedSamples, SamplePacker } from '@plantroom/model/wire';

/** What the gateway of these benches reads each second. */
export const points = 5000;
const pointsOfMeter = 10;
export const address = { site: 'bench', gateway: 'gw' };

export const model: ModelRevision = {
  revision: 'bench-revision',
  gateway: address.gateway,
  site: { id: address.site, name: { en: 'Bench', zh: '测试' }, timezone: 'UTC' },
  equipment: Array.from({ length: points / pointsOfMeter }, (_, n) => ({
    ...{
      id: `meter-${n}`,
      kind: 'energy-meter',
      name: { en: `Meter ${n}`, zh: `电表 ${n}` },
      place: { en: '', zh: '' },
      profile: 'bench',
    },
    ...{ connection: 'bus', ratings: {} },
  })),
  points: Array.from({ length: points }, (_, index) => ({
    ...{ equipment: `meter-${Math.floor(index / pointsOfMeter)}`, point: `value[${index % pointsOfMeter}]` },
    ...{ period: 1000, maximumSilence: 60_000 },
  })),
  catalogue: [],
};

/** Two decimals that wander as a meter's do: by some hundredths each second around a level of their own. */
export class Readings {
  readonly #hundredths = Float64Array.from({ length: points }, (_, index) => 10_000 + ((index * 7919) % 30_000));
  readonly #packer = new SamplePacker(points);
  #seed = 1;

  /** One frame: every point at this time. */
  frame(time: number): PackedSamples {
    for (let index = 0; index < points; index++) {
      // Numerical Recipes' linear congruence: quick, and the same each time.
      this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
      const next = (this.#hundredths[index] ?? 0) + ((this.#seed >>> 24) % 21) - 10;
      this.#hundredths[index] = next;
      this.#packer.add(index, { time, gatewayTime: time + 20, value: next / 100, quality: 'good' });
    }
    return this.#packer.take();
  }
}
