import { HttpError } from "../server/http-error.ts";

/** When a client that was turned away may try again. */
export const RETRY_AFTER_SECONDS = 1;

/** What one request holds in memory. It counts towards the limits for all requests. */
export interface InFlight {
  /** @throws HttpError 429 if that is too many */
  addBytes(bytes: number): void;
  /** Counts items that were decoded: each is an object, and small bodies may hold many. @throws HttpError 429 */
  addItems(items: number): void;
  /** The body arrives, until `arrived`. If others need the memory and it takes long, it is given up: this gets the error. */
  arriving(giveUp: (error: HttpError) => void): void;
  arrived(): void;
  /** Gives back everything that was added. */
  release(): void;
}

export interface InFlightMost {
  readonly bytes: number;
  readonly items: number;
}

/** So long a body may arrive although others need its memory: a few that never end would lock all others out. */
const ARRIVING_MS = 200;

/** A small request. As much again as this part of the most is kept for them, so that a few large ones do not turn them away. */
const SMALL_BYTES = 64 * 1024;
const SMALL_ITEMS = 1_024;
const RESERVED = 1 / 16;

interface Arriving {
  readonly sinceMs: number;
  readonly giveUp: () => void;
}

/** Bounds the memory of requests, from their first byte until the log has committed them. */
export class InFlightLimit {
  /** Held now. */
  bytes = 0;
  items = 0;
  readonly #most: InFlightMost;
  /** Bodies that arrive, the oldest first. */
  readonly #arriving = new Set<Arriving>();

  constructor(most: InFlightMost) {
    this.#most = most;
  }

  open(): InFlight {
    let bytesHeld = 0;
    let itemsHeld = 0;
    let arriving: Arriving | undefined;
    const arrived = (): void => {
      if (arriving !== undefined) this.#arriving.delete(arriving);
    };
    const release = (): void => {
      arrived();
      this.bytes -= bytesHeld;
      this.items -= itemsHeld;
      bytesHeld = itemsHeld = 0;
    };
    return {
      addBytes: (bytes) => {
        if (!this.#hasRoom(bytes, bytesHeld + bytes <= SMALL_BYTES)) throw busy();
        this.bytes += bytes;
        bytesHeld += bytes;
      },
      addItems: (items) => {
        const share = itemsHeld + items <= SMALL_ITEMS ? 1 + RESERVED : 1;
        if (this.items + items > this.#most.items * share) throw busy();
        this.items += items;
        itemsHeld += items;
      },
      arriving: (giveUp) => {
        const giveUpNow = (): void => {
          release();
          giveUp(busy());
        };
        arriving = { sinceMs: performance.now(), giveUp: giveUpNow };
        this.#arriving.add(arriving);
      },
      arrived,
      release,
    };
  }

  /** Whether so many bytes may be added. Gives up bodies that arrive for too long, the oldest first, if that helps. */
  #hasRoom(bytes: number, isSmall: boolean): boolean {
    const most = this.#most.bytes * (isSmall ? 1 + RESERVED : 1);
    for (const { sinceMs, giveUp } of this.#arriving) {
      if (this.bytes + bytes <= most || performance.now() - sinceMs < ARRIVING_MS) break;
      giveUp();
    }
    return this.bytes + bytes <= most;
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
