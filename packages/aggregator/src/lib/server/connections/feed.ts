import type { Socket } from "node:net";

/** The first part of what was read. Few requests fit. */
const FIRST_BYTES = 2 * 1024;
const MOST_BYTES = 16 * 1024;

/** What waits on a connection: `none` lets the parts grow, as for the rest of a body, and `full` stops them. */
export type Load = "none" | "some" | "full";

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Gives what a socket reads to Node's parser in parts. Node would parse 64 KiB at once, which may be thousands of requests:
 * they would be held in memory, and meanwhile nobody else would be served. Between two parts the socket may be paused.
 */
export class Feed {
  readonly #socket: Socket;
  readonly #parse: (part: Buffer) => void;
  readonly #load: () => Load;
  #left: Buffer = NOTHING;
  #stopped = false;

  /** Takes the place of the listener that gives a socket's data to the parser. */
  constructor(socket: Socket, load: () => Load) {
    this.#socket = socket;
    this.#load = load;
    const [parse] = socket.listeners("data");
    this.#parse = (part) => parse?.call(socket, part);
    socket.removeAllListeners("data");
    socket.on("data", (chunk: Buffer) => {
      this.#left = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk]);
      this.#go();
    });
    socket.on("resume", () => this.#go());
  }

  /** From now on nothing is parsed any more: the connection is no HTTP, or Node has given it away. */
  stop(): void {
    this.#stopped = true;
    this.#left = NOTHING;
  }

  #go(): void {
    let size = FIRST_BYTES;
    // Node resumes a socket at the end of each request, so whether it is paused does not say enough.
    while (this.#left.length > 0 && this.#load() !== "full" && !this.#socket.isPaused()) {
      if (this.#stopped || this.#socket.destroyed) {
        this.#left = NOTHING;
        return;
      }
      const part = this.#left.subarray(0, size);
      this.#left = this.#left.subarray(part.length);
      this.#parse(part);
      size = this.#load() === "none" ? Math.min(2 * size, MOST_BYTES) : FIRST_BYTES;
    }
  }
}
