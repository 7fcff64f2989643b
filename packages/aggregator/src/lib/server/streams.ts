import type { ServerResponse } from "node:http";
import type { StreamAnswer, Write } from "./answer.ts";
import { HttpError } from "./http-error.ts";
import { respondHead } from "./respond.ts";

export interface StreamLimits {
  /** Streaming answers at a time. Default 128. */
  readonly maxStreams: number;
  /** Bytes that wait for one client. Default 256 KiB. */
  readonly maxWaitingBytes: number;
  /** How long bytes may wait for a client that does not take all of them. Default 30 s. */
  readonly maxWaitingMs: number;
}

const defaults: StreamLimits = { maxStreams: 128, maxWaitingBytes: 256 * 1024, maxWaitingMs: 30_000 };

const takesMore: Promise<void> = Promise.resolve();

/**
 * The streaming answers of a server. Memory is bounded whatever clients and producers do: a client that does not read
 * is dropped, and counted.
 */
export class Streams {
  /** Clients that were dropped because they did not read, since the server started. */
  dropped = 0;
  readonly #limits: StreamLimits;
  readonly #onError: (error: unknown) => void;
  /** What ends each stream that is open. */
  readonly #open = new Set<() => void>();

  constructor(limits: Partial<StreamLimits>, onError: (error: unknown) => void) {
    this.#limits = { ...defaults, ...limits };
    this.#onError = onError;
  }

  get open(): number {
    return this.#open.size;
  }

  /** @throws HttpError 503 `too_many_streams` */
  start(response: ServerResponse, { headers, produce }: StreamAnswer): void {
    const { maxStreams, maxWaitingBytes, maxWaitingMs } = this.#limits;
    if (this.#open.size >= maxStreams) {
      throw new HttpError(
        503,
        "too_many_streams",
        `${maxStreams} streams are open already; try again later.`,
        {
          headers: { "retry-after": "5" },
        },
      );
    }
    const ended = new AbortController();
    let waiting: { readonly drained: Promise<void>; readonly resolve: () => void } | undefined;
    let deadline: NodeJS.Timeout | undefined;

    const settle = (): void => {
      clearTimeout(deadline);
      waiting?.resolve();
      waiting = undefined;
    };
    // A response that waits behind another on its connection has no socket yet, and would not hear that it closes.
    const { socket } = response.req;
    const drop = (): void => {
      if (socket.destroyed) return;
      this.dropped += 1;
      socket.destroy();
    };
    const write: Write = (chunk) => {
      if (ended.signal.aborted || socket.destroyed) return takesMore;
      const { writableLength } = response;
      // A single part may be larger than the bound, for a producer that waits.
      if (writableLength > 0 && writableLength + Buffer.byteLength(chunk) > maxWaitingBytes) {
        drop();
        return takesMore;
      }
      if (response.write(chunk)) return takesMore;
      if (waiting === undefined) {
        let resolve = (): void => {};
        const drained = new Promise<void>((done) => {
          resolve = done;
        });
        waiting = { drained, resolve };
        deadline = setTimeout(drop, maxWaitingMs);
      }
      return waiting.drained;
    };
    const end = (): void => {
      ended.abort();
      settle();
      response.end();
    };

    this.#open.add(end);
    response.on("drain", settle);
    const closed = (): void => {
      this.#open.delete(end);
      socket.off("close", closed);
      socket.off("end", end);
      ended.abort();
      settle();
    };
    response.once("close", closed);
    socket.once("close", closed);
    // A client that sends no more may be gone. That it waits for an answer that never ends is less likely.
    socket.once("end", end);
    respondHead(response, headers);
    if (socket.readableEnded) {
      end();
      return;
    }
    const run = async (): Promise<void> => {
      try {
        await produce(write, ended.signal);
        end();
      } catch (error) {
        // A producer may throw when the signal aborts.
        if (ended.signal.aborted) return;
        this.#onError(error);
        // The client sees that the answer is not whole.
        socket.destroy();
      }
    };
    void run();
  }

  /** Ends all streams. */
  close(): void {
    for (const end of this.#open) end();
  }
}
