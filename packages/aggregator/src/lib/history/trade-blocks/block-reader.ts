import type { HistoryValue } from "@slipstream/engine/storage";
import type { BlockColumn } from "./layout.ts";

/** What a block's bytes cannot be read as. */
export class DamagedBlock extends Error {}

/**
 * The rows of a block, each with the values of its columns.
 *
 * @param wanted whether a column is read; the others are null
 * @throws DamagedBlock if the bytes are not those of so many rows
 */
export function readBlock(
  data: Uint8Array,
  columns: readonly BlockColumn[],
  rows: number,
  wanted: readonly boolean[] = columns.map(() => true),
): HistoryValue[][] {
  const reader = new BlockReader(data);
  const nullBytes = Math.ceil(columns.length / 8);
  const found: HistoryValue[][] = [];
  for (let n = 0; n < rows; n += 1) {
    const nulls = reader.skip(nullBytes);
    const values: HistoryValue[] = [];
    for (let column = 0; column < columns.length; column += 1) {
      const isWanted = wanted[column] === true;
      if (((data[nulls + (column >> 3)] as number) & (1 << (column & 7))) !== 0) values.push(null);
      else values.push(reader.value((columns[column] as BlockColumn).type, isWanted));
    }
    found.push(values);
  }
  if (reader.left > 0) throw new DamagedBlock(`${reader.left} bytes are left over`);
  return found;
}

class BlockReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #words: string[] = [];
  #at = 0;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** @returns where the bytes that are skipped begin */
  skip(count: number): number {
    if (count > this.left) throw new DamagedBlock("it ends within a row");
    const at = this.#at;
    this.#at += count;
    return at;
  }

  value(type: BlockColumn["type"], isWanted: boolean): HistoryValue {
    if (type === "symbol") return this.#word(isWanted);
    if (type !== "text") return this.#number(isWanted);
    const length = this.#varint();
    const at = this.skip(length);
    return isWanted ? this.#textAt(at, length) : null;
  }

  #number(isWanted: boolean): number | null {
    const at = this.skip(8);
    return isWanted ? this.#view.getFloat64(at, true) : null;
  }

  #word(isWanted: boolean): string | null {
    const number = this.#varint();
    if (number > this.#words.length) throw new DamagedBlock("it has no such word");
    if (number === this.#words.length) {
      const length = this.#varint();
      this.#words.push(this.#textAt(this.skip(length), length));
    }
    return isWanted ? (this.#words[number] as string) : null;
  }

  #textAt(at: number, length: number): string {
    return this.#bytes.toString("utf8", at, at + length);
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.skip(1)] as number;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new DamagedBlock("a number is too long");
  }
}
