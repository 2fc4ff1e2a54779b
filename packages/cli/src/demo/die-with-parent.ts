// Loaded before a child's own entry (node --import). The parent holds the other end of our standard input and never
// writes; when it ends for whatever reason, even by SIGKILL, the system closes the pipe, and we stop as on a Ctrl-C.
import { isMainThread } from 'node:worker_threads';
import { exitWithin } from '@plantroom/base';

const grace = 10_000;

// Worker threads load this as well, and theirs is a standard input that ends at once.
if (isMainThread) {
  process.stdin.on('error', stop);
  process.stdin.on('end', stop);
  process.stdin.resume();
  if ('unref' in process.stdin) process.stdin.unref();
}

function stop(): void {
  exitWithin(grace);
  process.kill(process.pid, 'SIGTERM');
}
