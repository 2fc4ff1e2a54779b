// Loaded into a process before its entry: the system's clock as FAULTS_CLOCK says (8 bytes, ms that it is off, then the
// kernel's name for this run of the machine).
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const bootIdFile = '/proc/sys/kernel/random/boot_id';
const handle = fs.openSync(process.env.FAULTS_CLOCK, 'r');
const bytes = new DataView(new ArrayBuffer(8));
const { now } = Date;
const { readFileSync } = fs;

Date.now = () => {
  fs.readSync(handle, bytes, 0, 8, 0);
  return now() + bytes.getFloat64(0, true);
};
fs.readFileSync = (path, ...rest) =>
  path === bootIdFile ? readFileSync(process.env.FAULTS_CLOCK).subarray(8).toString() : readFileSync(path, ...rest);
syncBuiltinESMExports();
