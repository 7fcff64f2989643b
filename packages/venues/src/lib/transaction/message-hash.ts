/** Of an instruction's data in base64; undefined if it is longer than a transaction. */
export function dataHash(base64: string): string | undefined {
  return base64.length > LONGEST_DATA ? undefined : messageHash(Buffer.from(base64, "base64"));
}

/** 4,096 bytes. */
const LONGEST_DATA = 5_464;

/**
 * 64 bits of a message, in hex: enough to find the message that was built among the thousand that may wait to be sent. It protects against
 * nothing, for the service makes both. Two FNV-1a sums with other starting values and steps, mixed at the end.
 */
export function messageHash(message: Uint8Array): string {
  let [one, two] = [0x811c9dc5, 0x2f0b4c47];
  for (const byte of message) {
    one = Math.imul(one ^ byte, 0x01000193);
    two = Math.imul(two ^ byte, 0x85ebca6b);
    two ^= two >>> 13;
  }
  return hex(mixed(one ^ message.length)) + hex(mixed(two + one));
}

function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b | 0);
  return (twice ^ (twice >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
