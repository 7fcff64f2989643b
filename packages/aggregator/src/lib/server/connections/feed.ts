import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** A part of a request whose end is not known: at first, and at most. Few requests fit into the first. */
const FIRST_BYTES = 512;
const MOST_BYTES = 16 * 1024;
/**
 * What one connection, and all together, may take of a turn of the event loop: a body in chunks of single bytes takes seconds
 * in all. Beyond it each has one small part.
 */
const TURN_MS = 2;
const ALL_MS = 6;
const HEAD_END = "\r\n\r\n";
/** No request's head is shorter: `GET / HTTP/1.1` and its end. */
const LEAST_HEAD = 16;

/** What a connection reads next: nothing for now, the head of a request, or the rest of a request's body. */
export type Reads = "nothing" | "head" | IncomingMessage;

const NOTHING: Buffer = Buffer.alloc(0);

/** The time that all connections have had in this turn of the event loop. */
export class ParsingTime {
  #usedMs = 0;
  #turn: NodeJS.Immediate | undefined;

  get isUsedUp(): boolean {
    return this.#usedMs >= ALL_MS;
  }

  add(ms: number): void {
    this.#usedMs += ms;
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#usedMs = 0;
    });
  }
}

/**
 * Gives what a socket reads to Node's parser in parts: a request's head, then its body. Node would parse 64 KiB at once, which may
 * be thousands of requests: they would be held in memory, and meanwhile nobody else would be served. Between two parts the
 * socket may be paused. Where a part ends changes nothing for the parser, which finds the requests by itself.
 */
export class Feed {
  readonly #socket: Socket;
  readonly #parse: (part: Buffer) => void;
  readonly #parseEnd: () => void;
  readonly #time: ParsingTime;
  readonly #reads: () => Reads;
  #left: Buffer = NOTHING;
  /** The request whose body is read, and how many bytes of it are still to come, if that is known. */
  #request: IncomingMessage | undefined;
  #bodyBytes: number | undefined;
  /** The next part of a body of unknown length. */
  #partBytes = FIRST_BYTES;
  #isStopped = false;
  /** The client sends no more. */
  #isEnded = false;
  /** The others have their turn. */
  #yields = false;
  #waitsForDrain = false;

  /** Takes the place of the listeners that give a socket's data, and its end, to the parser. */
  constructor(socket: Socket, time: ParsingTime, reads: () => Reads) {
    this.#time = time;
    this.#socket = socket;
    this.#reads = reads;
    const [parse] = socket.listeners("data");
    this.#parse = (part) => parse?.call(socket, part);
    socket.removeAllListeners("data");
    // The socket has one of its own before the parser's.
    const parseEnd = socket.listeners("end").at(-1) as (() => void) | undefined;
    this.#parseEnd = () => parseEnd?.call(socket);
    if (parseEnd !== undefined) socket.off("end", parseEnd);
    socket.on("end", () => {
      this.#isEnded = true;
      this.#go();
    });
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
    return this.#yields || this.#reads() === "nothing";
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** From now on nothing is parsed any more: the connection is no HTTP, or Node has given it away. */
  stop(): void {
    this.#isStopped = true;
    this.#left = NOTHING;
  }

  /** Reads again, if nothing stands against it. */
  goOn(): void {
    if (this.#isEnded) {
      this.#go();
      return;
    }
    if (this.#blocked) return;
    if (!this.#socket.writableNeedDrain) this.#socket.resume();
    else if (!this.#waitsForDrain) {
      // The client takes no answers. Node resumes the socket when it does, but only if Node itself has paused it.
      this.#waitsForDrain = true;
      this.#socket.once("drain", () => {
        this.#waitsForDrain = false;
        this.goOn();
      });
    }
  }

  #go(): void {
    const beganMs = performance.now();
    let ms = 0;
    // Node resumes a socket at the end of each request, so whether it is paused does not say enough. One that has ended it does not
    // resume: what is left is given to the parser, however slowly a body is read.
    while (this.#left.length > 0 && !this.#blocked && (this.#isEnded || !this.#socket.isPaused())) {
      if (this.#isStopped || this.#socket.destroyed) {
        this.#left = NOTHING;
        return;
      }
      // The first part is for everybody.
      if (ms > 0 && (ms > TURN_MS || this.#time.isUsedUp)) {
        this.#yield();
        return;
      }
      const part = this.#left.subarray(0, this.#nextBytes());
      this.#left = this.#left.subarray(part.length);
      this.#parse(part);
      const total = performance.now() - beganMs;
      this.#time.add(total - ms);
      ms = total;
    }
    this.#endIfAllIsParsed();
  }

  #endIfAllIsParsed(): void {
    if (!this.#isEnded || this.#left.length > 0) return;
    this.#isEnded = false;
    this.#parseEnd();
  }

  /** How many bytes the next part has, at most. */
  #nextBytes(): number {
    const request = this.#reads();
    if (typeof request === "string") {
      this.#request = undefined;
      const end = this.#left.indexOf(HEAD_END, LEAST_HEAD, "latin1");
      return end === -1 ? MOST_BYTES : Math.min(end + HEAD_END.length, MOST_BYTES);
    }
    if (request !== this.#request) {
      this.#request = request;
      this.#partBytes = FIRST_BYTES;
      const length = request.headers["content-length"];
      this.#bodyBytes = length === undefined ? undefined : Number(length);
    }
    if (this.#bodyBytes !== undefined && this.#bodyBytes > 0) {
      const bytes = Math.min(this.#bodyBytes, this.#left.length);
      this.#bodyBytes -= bytes;
      return bytes;
    }
    const bytes = this.#time.isUsedUp ? FIRST_BYTES : this.#partBytes;
    this.#partBytes = Math.min(2 * bytes, MOST_BYTES);
    return bytes;
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
