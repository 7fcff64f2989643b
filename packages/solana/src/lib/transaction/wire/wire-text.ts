import { readBase58 } from "../../base58.ts";
import type { WireTransaction } from "./model.ts";
import { LONGEST_TRANSACTION, readWireTransaction } from "./wire-transaction.ts";

/** 1,232 bytes. Decoding base58 takes time quadratic in the length, and nodes take no longer ones. */
const LONGEST_BASE58 = 1_683;
const LONGEST_BASE64 = Math.ceil(LONGEST_TRANSACTION / 3) * 4;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads a transaction from the text in which it is sent. Services mix up the two encodings, so both are tried.
 * @param encoding the one that the request names
 * @returns undefined if it is neither
 */
export function readWireText(text: string, encoding: "base58" | "base64"): WireTransaction | undefined {
  const readers = encoding === "base64" ? [fromBase64, fromBase58] : [fromBase58, fromBase64];
  for (const read of readers) {
    const bytes = read(text);
    const transaction = bytes === undefined ? undefined : readWireTransaction(bytes);
    if (transaction !== undefined) return transaction;
  }
  return undefined;
}

function fromBase64(text: string): Uint8Array | undefined {
  return text.length <= LONGEST_BASE64 && base64.test(text) ? Buffer.from(text, "base64") : undefined;
}

function fromBase58(text: string): Uint8Array | undefined {
  return text.length <= LONGEST_BASE58 ? readBase58(text) : undefined;
}
