import type { Readable } from 'node:stream';
import { PacketLimit } from './packet-limit.ts';

/**
 * Watches what an MQTT client reads, whose library gathers a packet of any size. As soon as one announces more than `maximum`
 * bytes, `tooLarge` is told the topic, if it is a message, and the stream is ended.
 */
export function limitInbound(stream: Readable, maximum: number, tooLarge: (topic: string) => void): void {
  const limit = new PacketLimit(maximum);
  let refused: Buffer | undefined;
  stream.on('data', (bytes: Buffer) => {
    if (stream.destroyed || (refused === undefined && limit.accepts(bytes))) return;
    refused = refused ? Buffer.concat([refused, bytes]) : bytes.subarray(limit.refusedAt);
    const length = refused.length < 2 ? undefined : refused.readUInt16BE(0);
    // The topic stands first in a message (MQTT 3.1.1, 3.3.2.1).
    if (length === undefined || refused.length < 2 + length) return;
    tooLarge(refused.toString('utf8', 2, 2 + length));
    stream.destroy();
  });
}
