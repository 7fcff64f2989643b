import type { Socket } from "node:net";

/** The first part of what was read. Few requests fit. */
const FIRST_BYTES = 512;
const MOST_BYTES = 16 * 1024;
/** What one connection may take of a turn of the event loop: a body in chunks of single bytes takes seconds in all. */
const TURN_MS = 3;

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
  /** The others have their turn. */
  #yields = false;

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
    // Node itself resumes the socket when it is done with a request.
    socket.on("resume", () => {
      if (this.#blocked) socket.pause();
      else this.#go();
    });
  }

  get #blocked(): boolean {
    return this.#yields || this.#load() === "full";
  }

  /** From now on nothing is parsed any more: the connection is no HTTP, or Node has given it away. */
  stop(): void {
    this.#stopped = true;
    this.#left = NOTHING;
  }

  /** Reads again, if nothing stands against it. */
  goOn(): void {
    // As long as the client takes no answers Node has paused it too, and resumes it by itself.
    if (!this.#blocked && !this.#socket.writableNeedDrain) this.#socket.resume();
  }

  #go(): void {
    const beganMs = performance.now();
    let size = FIRST_BYTES;
    // Node resumes a socket at the end of each request, so whether it is paused does not say enough.
    while (this.#left.length > 0 && !this.#blocked && !this.#socket.isPaused()) {
      if (this.#stopped || this.#socket.destroyed) {
        this.#left = NOTHING;
        return;
      }
      if (performance.now() - beganMs > TURN_MS) {
        this.#yield();
        return;
      }
      const part = this.#left.subarray(0, size);
      this.#left = this.#left.subarray(part.length);
      this.#parse(part);
      size = this.#load() === "none" ? Math.min(2 * size, MOST_BYTES) : FIRST_BYTES;
    }
  }

  #yield(): void {
    this.#yields = true;
    this.#socket.pause();
    setImmediate(() => {
      this.#yields = false;
      this.goOn();
    });
  }
}
