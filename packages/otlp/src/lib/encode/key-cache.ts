import { ProtobufWriter } from "./protobuf-writer.ts";

const KEY = 0x0a;
const MOST_KEYS = 1_024;
const LONGEST_KEY = 100;

/** Attribute keys as the bytes of their field. Services use few of them, again and again. */
export class KeyCache {
  readonly #bytes = new Map<string, Uint8Array>();

  bytesOf(key: string): Uint8Array {
    const known = this.#bytes.get(key);
    if (known !== undefined) return known;
    const bytes = encoded(key);
    if (key.length <= LONGEST_KEY && this.#bytes.size < MOST_KEYS) this.#bytes.set(key, bytes);
    return bytes;
  }
}

function encoded(key: string): Uint8Array {
  const writer = new ProtobufWriter(key.length + 8);
  writer.string(KEY, key);
  return writer.view();
}
