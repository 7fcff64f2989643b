const LONGEST = 8; // 8 x 7 bits hold 2^53
const FIRST_BYTES = 4_096;

/**
 * Writes integers in as few bytes as possible, seven bits per byte, lowest first (LEB128), and doubles in
 * eight bytes. Meant to be reused: it allocates only the copies it returns.
 */
export class VarintWriter {
  #bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  /** @param value An integer from 0 to 2^53 - 1. */
  integer(value: number): void {
    if (this.#length + LONGEST > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    let rest = value;
    for (; rest >= 2 ** 31; rest = Math.floor(rest / 128)) bytes[this.#length++] = (rest % 128) | 128;
    for (; rest >= 128; rest >>>= 7) bytes[this.#length++] = (rest & 127) | 128;
    bytes[this.#length++] = rest;
  }

  double(value: number): void {
    if (this.#length + LONGEST > this.#bytes.length) this.#grow();
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A copy of everything written since the last `clear`. */
  copy(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(): void {
    const bytes = new Uint8Array(2 * this.#bytes.length);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** Reads what `VarintWriter` wrote. Every method throws a TypeError if the bytes are not valid. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: unknown) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("Not saved bytes");
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  integer(): number {
    let value = 0;
    let factor = 1;
    for (let length = 0; length < LONGEST; length += 1) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    throw new TypeError("Saved bytes end within an integer");
  }

  double(): number {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    if (this.#at + 8 > byteLength) throw new TypeError("Saved bytes end within a double");
    const value = new DataView(buffer, byteOffset, byteLength).getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }
}
