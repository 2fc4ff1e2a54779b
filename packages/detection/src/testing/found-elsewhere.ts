/** A fault that no condition over samples decides, so that the ten cases of samples say nothing of it. */
export interface FoundElsewhere {
  /** What finds it; undefined for one that only has its place in the catalogue. */
  readonly by: string | undefined;
  readonly why: string;
  /** Where that is tested, from the project's folder, and the words that the tests know it by. */
  readonly tests: Readonly<Record<string, RegExp>>;
}

const catalogueOnly: FoundElsewhere = {
  by: undefined,
  why: 'told from models of consumption over weeks, which do not raise alarms yet',
  tests: {},
};

/** By the part of the fault's id after its kind. */
export const foundElsewhere: Readonly<Record<string, FoundElsewhere>> = {
  'certificate-expiring': {
    by: 'the gateway’s watch over certificates',
    why: 'a certificate is a file with a date, no point',
    tests: { 'packages/gateway/src/certificate-watch.test.ts': /certificate-expiring/ },
  },
  unusual: {
    by: 'the detectors that learn',
    why: 'weeks of five-minute means decide',
    tests: {
      'packages/detection/src/learned/watch.test.ts': /pump\.unusual/,
      'packages/gateway/src/learning/learning.test.ts': /environment-sensor\.unusual/,
    },
  },
  'report-not-understood': {
    by: 'the MQTT driver',
    why: 'a message of the panel, no sample, does not fit its profile',
    tests: {
      'packages/drivers/src/mqtt/events.test.ts': /does not fit the profile/,
      'packages/gateway/src/app.test.ts': /report-not-understood/,
    },
  },
  'night-load': {
    by: 'the watch over nights of the energy package',
    why: 'nights of intervals decide',
    tests: {
      'packages/energy/src/night-load.test.ts': /createNightLoad/,
      'packages/energy/src/night-watch.test.ts': /createNightLoad/,
    },
  },
  'outside-schedule': catalogueOnly,
  'consumption-step': catalogueOnly,
  'slow-drift': catalogueOnly,
  'sub-meter-balance': catalogueOnly,
  'generation-low': catalogueOnly,
};
