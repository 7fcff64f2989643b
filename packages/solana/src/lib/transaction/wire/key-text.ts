import { encodeBase58 } from "../../base58.ts";

const MOST_TEXTS = 1_024;
const texts = new Map<string, string>();

/** A key in base58. Programs, the payer and tip accounts come again and again, and encoding takes long. */
export function keyText(key: Uint8Array): string {
  const name = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
  let text = texts.get(name);
  if (text === undefined) {
    text = encodeBase58(key);
    if (texts.size >= MOST_TEXTS) texts.clear();
    texts.set(name, text);
  }
  return text;
}
