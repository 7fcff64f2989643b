import { HttpError } from "../server/http-error.ts";

/** When a client that was turned away may try again. */
export const RETRY_AFTER_SECONDS = 1;

/** The bytes of one request in memory. They count towards the limit for all requests. */
export interface BytesInFlight {
  /** @throws HttpError 429 if that is too many */
  add(bytes: number): void;
  /** Gives back everything that was added. */
  release(): void;
}

/** Bounds the memory of requests, from their first byte until the log has committed them. */
export class InFlightLimit {
  /** Held now. */
  bytes = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  open(): BytesInFlight {
    let held = 0;
    return {
      add: (bytes) => {
        if (this.bytes + bytes > this.#maxBytes) throw busy();
        this.bytes += bytes;
        held += bytes;
      },
      release: () => {
        this.bytes -= held;
        held = 0;
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
