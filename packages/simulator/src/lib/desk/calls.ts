import type { AttributeValue } from "@opentelemetry/api";
import { trace } from "@opentelemetry/api";
import type { CallTruth } from "../truth/model.ts";
import { spanTimes } from "./span-times.ts";

/** The part of `LatencyTracker` that a trade needs. */
export interface Tracker {
  track<T>(operation: string, fn: () => T, attributes?: Record<string, AttributeValue>): T;
}

/** Times the calls of one trade with the tracker, and records them for the ground truth. */
export class Calls {
  readonly made: CallTruth[] = [];
  readonly #tracker: Tracker;

  constructor(tracker: Tracker) {
    this.#tracker = tracker;
  }

  async track<T>(
    operation: string,
    fn: () => Promise<T> | T,
    attributes: Record<string, AttributeValue> = {},
    method: string | null = null,
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
          return await fn();
        },
        attributes,
      );
      failed = false;
      return result;
    } finally {
      this.made.push({ operation, method, failed, durationMs: duration() });
    }
  }
}
