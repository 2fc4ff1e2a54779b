export { ManualClock } from '@plantroom/base';
export { withoutServices } from './config.ts';
export { freePort } from './free-port.ts';
export { type RunningDatabase, startInfluxdb, startVictoriaMetrics } from './influxdb.ts';
export { type RunningPostgres, startPostgres } from './postgres.ts';
export { type RunningProcess, type RunResult, run, startProcess } from './process.ts';
export { temporaryDirectory } from './temporary-directory.ts';
export { until } from './until.ts';
