import { type Attributes, type Span, trace } from "@opentelemetry/api";
import type { CallTruth } from "../truth/model.ts";
import { spanTimes } from "./span-times.ts";

/** The part of `LatencyTracker` that a trade needs. */
export interface Tracker {
  track<T>(operation: string, fn: () => T, attributes?: Attributes): T;
}

export interface CallDetails {
  readonly attributes?: Attributes;
  /** The JSON-RPC method, if it is a JSON-RPC call. */
  readonly method?: string;
  /** The database, if it is a write to one. */
  readonly store?: string;
}

/** Times the calls of one trade with the tracker, and records them for the ground truth. */
export class Calls {
  readonly made: CallTruth[] = [];
  readonly #tracker: Tracker;

  constructor(tracker: Tracker) {
    this.#tracker = tracker;
  }

  /**
   * @param fn gets the call's span, for attributes that are known only later
   * @param details what is known before: attributes of the span, and what kind of call it is
   */
  async track<T>(
    operation: string,
    fn: (span: Span | undefined) => Promise<T> | T,
    { attributes = {}, method, store }: CallDetails = {},
  ): Promise<T> {
    const start = performance.now();
    let duration = (): number => performance.now() - start;
    let failed = true;
    try {
      const result = await this.#tracker.track(
        operation,
        async () => {
          const span = trace.getActiveSpan();
          duration = () => spanTimes(span)?.durationMs ?? performance.now() - start;
          return await fn(span);
        },
        attributes,
      );
      failed = false;
      return result;
    } finally {
      const kind = { method: method ?? null, store: store ?? null };
      this.made.push({ operation, ...kind, failed, durationMs: duration() });
    }
  }
}
