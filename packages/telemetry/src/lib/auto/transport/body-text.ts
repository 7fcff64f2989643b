import { MOST_BODY } from "./exchange.ts";

/** A body, or a message of a socket, as text. Undefined if it is not text or bytes, or too large. Reads without side effects. */
export function bodyText(body: unknown): string | undefined {
  if (typeof body === "string") return body.length <= MOST_BODY ? body : undefined;
  const bytes = bytesOf(body);
  return bytes === undefined || bytes.length > MOST_BODY ? undefined : bytes.toString("utf8");
}

/** A view of bytes, without a copy. */
export function bytesOf(body: unknown): Buffer | undefined {
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return body instanceof ArrayBuffer ? Buffer.from(body) : undefined;
}

/** Parts of a body up to `MOST_BODY` bytes, as they come. */
export class BoundedBody {
  #parts: Buffer[] | undefined = [];
  #bytes = 0;

  /** Copies `part`, because its owner may write over it. */
  add(part: Buffer): void {
    if (this.#parts === undefined) return;
    this.#bytes += part.length;
    if (this.#bytes > MOST_BODY) this.#parts = undefined;
    else this.#parts.push(Buffer.from(part));
  }

  /** Undefined if there was more. */
  bytes(): Buffer | undefined {
    const parts = this.#parts;
    if (parts === undefined) return undefined;
    const [only] = parts;
    return parts.length === 1 ? only : Buffer.concat(parts);
  }
}
