import { type Lamports, limits, serviceMetrics } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, SpanEvent } from "../event.ts";
import type { StatisticValue } from "../model.ts";
import { assertPlausible, ExactSum, exactNumber } from "../money.ts";
import { gauge } from "./ratio-families.ts";
import type { Statistic } from "./statistic.ts";

/** Priority fees since the log began, of the trades that tell them, in whole lamports. */
export class PriorityFees implements Statistic {
  readonly name = "priority_fees";
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = ["trade"];
  readonly #lamports: ExactSum<Lamports<number | bigint>> = new ExactSum();
  #count = 0;

  observe({ trade }: SpanEvent): void {
    if (trade?.priorityFeeLamports === undefined) return;
    this.#lamports.add(trade.priorityFeeLamports);
    this.#count += 1;
  }

  read(): Record<string, StatisticValue> {
    const entry = { unit: "lamports", count: this.#count, windowSeconds: null };
    const value =
      this.#count === 0
        ? { value: null, ...entry, reason: "no trade has a priority fee (solana.priority_fee_lamports)" }
        : { value: exactNumber(this.#lamports.value), ...entry };
    return { priority_fees_lamports: value };
  }

  save(): Saved {
    return { lamports: this.#lamports.save(), count: this.#count };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved fees", saved);
    this.#lamports.load(fields.any("lamports"));
    this.#count = fields.number("count");
    assertPlausible("the fees in lamports", this.#lamports.value, this.#count, limits.lamports);
  }

  collect(): MetricFamily[] {
    return [gauge(serviceMetrics.priorityFeesPaid, Number(this.#lamports.value))];
  }
}
