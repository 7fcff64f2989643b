import { base58 } from "@scure/base";

/** Base58 as Solana writes keys, signatures and blockhashes. */
export function encodeBase58(bytes: Uint8Array): string {
  return base58.encode(bytes);
}

/** The bytes of a base58 text; undefined if it is not base58, or does not hold exactly `length` bytes. */
export function decodeBase58(text: string, length: number): Uint8Array | undefined {
  // Decoding takes time quadratic in the length. A base58 character holds more than 5.8 bits.
  if (text.length > Math.ceil((length * 8) / 5.8)) return undefined;
  try {
    const bytes = base58.decode(text);
    return bytes.length === length ? bytes : undefined;
  } catch {
    return undefined;
  }
}
