import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '@plantroom/base';
import { failureOf, GroupCommit } from './group-commit.ts';
import type { LostSamples } from './held-writes.ts';
import { LogFile } from './log-file.ts';
import { OutboxLog } from './log-sqlite.ts';
import type { OutboxCall, Reply, Request, WorkerSettings } from './protocol.ts';
import { Space } from './space.ts';

const settings: WorkerSettings = workerData;
const port = parentPort;

function post(reply: Reply): void {
  port?.postMessage(reply);
}

function freeBytes(): number {
  const disk = statfsSync(dirname(settings.file));
  return disk.bavail * disk.bsize;
}

function serve(log: OutboxLog, logFile: LogFile): void {
  const space = new Space({ capacity: settings.capacity, clock: systemClock, measure: freeBytes });
  const relieve = () => {
    const relief = log.mending(() => log.relieve(space.free));
    space.look(log.used());
    const isThere = logFile.look();
    if (isThere !== undefined) post({ type: 'file', isThere });
    if (relief.isFull || relief.thinned + relief.dropped > 0) post({ type: 'relieved', ...relief });
  };
  const target = {
    together: <T>(run: () => T) => log.mending(() => log.together(run)),
    perform: (call: OutboxCall): unknown => perform(log, space, call),
    performAlone: (call: OutboxCall): unknown => log.mending(() => perform(log, space, call)),
    lose: (lost: LostSamples) => log.lose(lost),
  };
  const commits = new GroupCommit({
    target,
    clock: systemClock,
    wait: settings.groupCommit,
    reply: post,
    committed: relieve,
  });
  port?.on('message', (request: Request) => {
    if (request.call.operation === 'close') commits.flush();
    commits.accept(request);
    if (request.call.operation === 'close') port?.close();
  });
}

function perform(log: OutboxLog, space: Space, call: OutboxCall): unknown {
  switch (call.operation) {
    case 'useModel':
      return log.useModel(...call.args);
    case 'modelFrame':
      return log.modelFrame();
    case 'append':
      return log.append(...call.args);
    case 'next':
      return log.next(...call.args);
    case 'acknowledge':
      return log.acknowledge(...call.args);
    case 'quarantine':
      return log.quarantine(...call.args);
    case 'quarantined':
      return log.quarantined(...call.args);
    case 'replayQuarantine':
      return log.replayQuarantine(...call.args);
    case 'dropQuarantine':
      return log.dropQuarantine(...call.args);
    case 'resendModel':
      return log.resendModel(...call.args);
    case 'readState':
      return log.readState(...call.args);
    case 'useTime':
      return log.useTime(...call.args);
    case 'correct':
      return log.correct(...call.args);
    case 'correctOn':
      return log.correctOn();
    case 'stats':
      return { ...log.stats(), ...space.outlook(log.used()) };
    case 'close':
      return log.close();
  }
}

/** Gateway time minus the monotonic clock, which is the same in every thread; the system's time until it is told. */
let base: number | undefined;
let logFile: LogFile | undefined;

try {
  const log = new OutboxLog({
    ...settings,
    now: () => (base === undefined ? systemClock.now() : Math.floor(systemClock.monotonic() + base)),
    useTime: (told) => {
      base = told;
    },
    onSalvaged: (report, epoch) => {
      logFile?.renew();
      post({ type: 'salvaged', epoch, report });
    },
  });
  logFile = new LogFile(settings.file, systemClock);
  serve(log, logFile);
  post({ type: 'opened', epoch: log.epoch, ...(log.mended ? { mended: log.mended } : {}) });
} catch (thrown) {
  post({ type: 'failed', id: null, error: failureOf(thrown) });
  port?.close();
}
