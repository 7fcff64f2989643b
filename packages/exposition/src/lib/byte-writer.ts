import { valueText } from "./number-text.ts";

/** Appends text to a buffer that grows as needed and is reused, so an exposition leaves no garbage but itself. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(64 * 1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  text(text: string): void {
    // One unit of a string takes up to three bytes in UTF-8.
    this.#reserve(3 * text.length);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** A sample's value, as `valueText` writes it. */
  value(value: number): void {
    if (value > 0 && value < 1e9 && (value | 0) === value) this.#positiveInteger(value);
    else this.#ascii(valueText(value));
  }

  /** A copy of what was written. */
  copy(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  /** Most values are counts. Their digits are written without making a string. */
  #positiveInteger(value: number): void {
    this.#reserve(9);
    const bytes = this.#bytes;
    let end = this.#length + 1;
    for (let limit = 10; value >= limit; limit *= 10) end += 1;
    this.#length = end;
    for (let rest = value; rest > 0; ) {
      const quotient = (rest / 10) | 0;
      end -= 1;
      bytes[end] = 48 + rest - 10 * quotient;
      rest = quotient;
    }
  }

  #ascii(text: string): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    const start = this.#length;
    for (let index = 0; index < text.length; index++) bytes[start + index] = text.charCodeAt(index);
    this.#length = start + text.length;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + bytes));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
