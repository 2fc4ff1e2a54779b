import type { Socket } from 'node:net';

/** Bytes sent to devices that they have not taken yet: of one, and of all together. */
export interface UnreadLimits {
  readonly unreadOfClient: number;
  readonly unreadInAll: number;
}

/**
 * Ends a connection that does not read what is sent to it, once as much waits as the limits allow; `slow` is told how much.
 * Until then every write counts as done: the broker delivers in turn, and one device that does not read would hold up all.
 * `isExempt` are the gateway's own connections, which hold devices up instead of losing anything.
 */
export function limitUnread(
  socket: Socket,
  all: ReadonlySet<Socket>,
  limits: UnreadLimits,
  isExempt: () => boolean,
  slow: (unread: number) => void,
): void {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  const limited = (...given: unknown[]): boolean => {
    const took = write(...given);
    if (took || isExempt()) return took;
    const unread = socket.writableLength;
    // Where all together have too much, those go that have more than their share of it.
    const isCrowd = unread > limits.unreadInAll / all.size && unreadOf(all) > limits.unreadInAll;
    if (unread <= limits.unreadOfClient && !isCrowd) return true;
    if (!socket.destroyed) slow(unread);
    socket.destroy();
    return true;
  };
  socket.write = limited;
}

function unreadOf(sockets: ReadonlySet<Socket>): number {
  let sum = 0;
  for (const { writableLength } of sockets) sum += writableLength;
  return sum;
}
