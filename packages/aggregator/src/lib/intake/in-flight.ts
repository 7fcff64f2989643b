import { HttpError } from "../server/http-error.ts";

/** How soon a client that was turned away may try again. */
export const RETRY_AFTER_SECONDS = 1;

/** Bytes of one request that are held in memory, of those that all requests may hold. */
export interface BytesInFlight {
  /** @throws HttpError 429 where that would be too many */
  add(bytes: number): void;
  /** Gives back all that was added. */
  release(): void;
}

/** A bound on what requests hold from their first byte until the log has committed them. */
export class InFlightLimit {
  /** Held at present. */
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

/** 429: to be sent again in a moment. */
export function busy(): HttpError {
  return new HttpError(429, "busy", "More is coming in than the log can take; send it again in a moment.", {
    headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
  });
}
