import { HttpError } from "../server/http-error.ts";

/** When a client that was turned away may try again. */
export const RETRY_AFTER_SECONDS = 1;

/** What one request holds in memory. It counts towards the limits for all requests. */
export interface InFlight {
  /** @throws HttpError 429 if that is too many */
  addBytes(bytes: number): void;
  /** Counts items that were decoded: each is an object, and small bodies may hold many. @throws HttpError 429 */
  addItems(items: number): void;
  /** Gives back everything that was added. */
  release(): void;
}

export interface InFlightMost {
  readonly bytes: number;
  readonly items: number;
}

/** Bounds the memory of requests, from their first byte until the log has committed them. */
export class InFlightLimit {
  /** Held now. */
  bytes = 0;
  items = 0;
  readonly #most: InFlightMost;

  constructor(most: InFlightMost) {
    this.#most = most;
  }

  open(): InFlight {
    let bytesHeld = 0;
    let itemsHeld = 0;
    return {
      addBytes: (bytes) => {
        if (this.bytes + bytes > this.#most.bytes) throw busy();
        this.bytes += bytes;
        bytesHeld += bytes;
      },
      addItems: (items) => {
        if (this.items + items > this.#most.items) throw busy();
        this.items += items;
        itemsHeld += items;
      },
      release: () => {
        this.bytes -= bytesHeld;
        this.items -= itemsHeld;
        bytesHeld = itemsHeld = 0;
      },
    };
  }
}

/** 429: the client should send again in a moment. */
export function busy(): HttpError {
  return new HttpError(
    429,
    "busy",
    "Requests arrive faster than the log can write them. Send it again in a moment.",
    {
      headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
    },
  );
}
