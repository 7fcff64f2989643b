import type { ByteSource } from "./byte-source.ts";
import { decodeHead, type Frame, isBodyOf, MOST_HEAD_BYTES, ownBody, type Salt } from "./frame.ts";

/** So much is read at a time: of small records many, of a large one what is missing. */
const WINDOW_BYTES = 256 * 1024;

/** Goes over the frames of a segment, one after the other. */
export class FrameCursor {
  /** Where the next frame begins. */
  offset: number;
  readonly #source: ByteSource;
  readonly #salt: Salt;
  readonly #memory: Buffer = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  /** What of the memory is filled, and where in the source that is. */
  #window: Buffer = this.#memory.subarray(0, 0);
  #windowAt = 0;

  constructor(source: ByteSource, salt: Salt, offset: number) {
    this.#source = source;
    this.#salt = salt;
    this.offset = offset;
  }

  /** The frame here; undefined if there is none, or none that can be read. */
  head(): Frame | undefined {
    const bytes = this.#peek(this.offset, MOST_HEAD_BYTES);
    return decodeHead(bytes, 0, this.#salt);
  }

  /** The body of the frame here, whose memory is its own; undefined if it is not as it was written. */
  body(frame: Frame): Uint8Array | undefined {
    const body = this.#body(frame);
    if (body === undefined) return undefined;
    return frame.bodyBytes <= WINDOW_BYTES ? ownBody(body) : body;
  }

  /** Whether the body of the frame here is as it was written. */
  isWhole(frame: Frame): boolean {
    return this.#body(frame) !== undefined;
  }

  /** Goes on behind the frame here. */
  skip(frame: Frame): void {
    this.offset += frame.headBytes + frame.bodyBytes;
  }

  /** A small one is valid until the next call. */
  #body(frame: Frame): Uint8Array | undefined {
    const { bodyBytes } = frame;
    const at = this.offset + frame.headBytes;
    const body = bodyBytes <= WINDOW_BYTES ? this.#peek(at, bodyBytes) : this.#large(at, bodyBytes);
    return body !== undefined && isBodyOf(frame, body, this.#salt) ? body : undefined;
  }

  #large(at: number, bytes: number): Uint8Array | undefined {
    // No memory for what is not there.
    if (at + bytes > this.#source.size) return undefined;
    const body = new Uint8Array(bytes);
    return this.#source.read(body, at) === bytes ? body : undefined;
  }

  /** Up to `length` bytes from `at` on, valid until the next call. */
  #peek(at: number, length: number): Buffer {
    const from = at - this.#windowAt;
    if (from >= 0 && from + length <= this.#window.length) return this.#window.subarray(from, from + length);
    this.#window = this.#memory.subarray(0, this.#source.read(this.#memory, at));
    this.#windowAt = at;
    return this.#window.subarray(0, length);
  }
}
