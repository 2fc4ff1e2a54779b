export { type Clock, ManualClock, systemClock, type Timer } from './clock.ts';
export { ConfigError, type ConfigProblem, formatProblem } from './config/problem.ts';
export { YamlFile } from './config/yaml-file.ts';
export { describeIssue } from './config/zod-issues.ts';
export { coerceError, describeError, type ErrorContext, errorCode, PlantroomError } from './errors.ts';
export { exitWithin, Lifecycle, untilSignal } from './lifecycle.ts';
export { createLogger, type Logger, type LogLevel, silentLogger } from './logger.ts';
export { gaussian, type Random, randomId, randomSecret, seededRandom, systemRandom } from './random.ts';
export { type RetryOptions, retrySchedule } from './retry-schedule.ts';
