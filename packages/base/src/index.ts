// What needs a library has an entry of its own (`logger`, `yaml`): a thread that needs neither does without its megabytes.
export { bootId } from './boot.ts';
export { atMost, type Clock, ManualClock, systemClock, type Timer } from './clock.ts';
export { ClockSteps } from './clock-steps.ts';
export { ConfigError, type ConfigProblem, formatProblem } from './config/problem.ts';
export { describeIssue } from './config/zod-issues.ts';
export { coerceError, describeError, type ErrorContext, errorCode, isUnreachable, PlantroomError } from './errors.ts';
export { limitInbound } from './inbound-limit.ts';
export { exitWithin, Lifecycle, untilSignal } from './lifecycle.ts';
export { type Logger, silentLogger } from './logger.ts';
export { PacketLimit } from './packet-limit.ts';
export { gaussian, type Random, randomId, randomSecret, seededRandom, systemRandom } from './random.ts';
export { type RetryOptions, retrySchedule } from './retry-schedule.ts';
export { withoutCredentials } from './without-credentials.ts';
