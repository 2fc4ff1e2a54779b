/**
 * Follows the lengths of MQTT packets in a stream of bytes. The broker's parser gathers a packet completely before it
 * shows it, so without this a length of 256 MiB in five bytes would claim as much memory.
 */
export class PacketLimit {
  readonly #maximum: number;
  /** Bytes of the present packet that are still to come; -1 while its head is read. */
  #left = -1;
  #length = 0;
  #factor = 1;
  #headRead = false;
  #refusedAt = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Where, in the bytes that were refused, the content of the packet begins. */
  get refusedAt(): number {
    return this.#refusedAt;
  }

  /** Takes the next bytes; false as soon as a packet announces more than the maximum. */
  accepts(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - at);
        this.#left -= step;
        at += step;
      } else if (!this.#headRead) {
        this.#headRead = true;
        at++;
      } else {
        this.#readLength(bytes[at++] ?? 0);
        this.#refusedAt = at;
        if (this.#length > this.#maximum || this.#factor > 128 ** 4) return false;
      }
      if (this.#left === 0) this.#begin();
    }
    return true;
  }

  /** The remaining length: 7 bits a byte, the lowest first, the top bit says that another follows (MQTT 3.1.1, 2.2.3). */
  #readLength(byte: number): void {
    this.#length += (byte & 0x7f) * this.#factor;
    this.#factor *= 128;
    if (byte < 0x80) this.#left = this.#length;
  }

  #begin(): void {
    this.#left = -1;
    this.#length = 0;
    this.#factor = 1;
    this.#headRead = false;
  }
}
