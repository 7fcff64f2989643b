import { type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, SpanEvent } from "../../event.ts";
import type { StatisticValue } from "../../model.ts";
import type { Statistic } from "../statistic.ts";

const SLOW_SECONDS = 1;

/** Calls of the Solana node that took a second or longer. */
export class SlowCalls implements Statistic {
  readonly name = "slow_calls";
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = ["node"];
  #slow = 0;
  #calls = 0;

  observe({ live, seconds }: SpanEvent): void {
    if (!live) return;
    this.#calls += 1;
    if (seconds >= SLOW_SECONDS) this.#slow += 1;
  }

  read(): Record<string, StatisticValue> {
    return { slow_calls: { value: this.#slow, unit: "calls", count: this.#calls, windowSeconds: null } };
  }

  collect(): readonly never[] {
    return [];
  }

  save(): Saved {
    return { slow: this.#slow, calls: this.#calls };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved slow calls", saved);
    this.#slow = fields.number("slow");
    this.#calls = fields.number("calls");
  }
}
