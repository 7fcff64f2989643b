/** More than comes from a socket at once: a body that is one such part may share its memory with the request behind it. */
const LEAST_BYTES = 128 * 1024;

/** TypeScript's `es2023` has no `transfer`; Node 22 and later have it. */
interface Transferable {
  transfer(length: number): unknown;
}

/**
 * Gives back the memory of a large buffer now. Garbage is collected late: by then there would be several large bodies of it.
 *
 * @param bytes that nobody reads any more
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (byteLength < LEAST_BYTES || !(buffer instanceof ArrayBuffer)) return;
  (buffer as ArrayBuffer & Transferable).transfer(0);
}
