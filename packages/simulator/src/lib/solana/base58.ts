const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Bitcoin's base58, as Solana writes keys, signatures and blockhashes. */
export function encodeBase58(bytes: Uint8Array): string {
  let value = BigInt(`0x0${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (; value > 0n; value /= 58n) text = ALPHABET.charAt(Number(value % 58n)) + text;
  return "1".repeat(leading(bytes, 0)) + text;
}

/** The bytes of a base58 text; undefined where it is none, or not of `length` bytes. */
export function decodeBase58(text: string, length: number): Uint8Array | undefined {
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return undefined;
    value = value * 58n + BigInt(digit);
  }
  const hex = value.toString(16);
  if (hex.length > 2 * length) return undefined;
  const bytes = Buffer.from(hex.padStart(2 * length, "0"), "hex");
  // Each leading zero byte is written as one "1".
  return leading(bytes, 0) === leading([...text], "1") ? bytes : undefined;
}

function leading<T>(items: ArrayLike<T>, item: T): number {
  let count = 0;
  while (count < items.length && items[count] === item) count++;
  return count;
}
