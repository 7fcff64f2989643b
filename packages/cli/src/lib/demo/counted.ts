import { setTimeout as sleep } from "node:timers/promises";
import type { Aggregator } from "@slipstream/aggregator";
import type { CurrentStatistics, StatisticValue } from "@slipstream/engine";

/** The totals that an aggregator and a desk must agree on. */
export interface Counted {
  readonly success: number;
  readonly failed: number;
  readonly priorityFeesLamports: number;
  /** Whole micro-USD. */
  readonly pnlMicroUsd: number;
}

export function countedBy({ statistics }: CurrentStatistics): Counted {
  const one = (name: string): number => {
    const entry = statistics[name];
    return entry === undefined || "series" in entry ? 0 : numberOr0(entry);
  };
  const trades = (status: string): number => {
    const entry = statistics.trades;
    if (entry === undefined || !("series" in entry)) return 0;
    return numberOr0(entry.series.find(({ labels }) => labels.status === status));
  };
  return {
    success: trades("success"),
    failed: trades("failed"),
    priorityFeesLamports: one("priority_fees_lamports"),
    pnlMicroUsd: Math.round(one("total_pnl_usd") * 1e6),
  };
}

/** A total that no trade has told yet is unknown to a reader; for a difference it is 0. */
function numberOr0(entry: StatisticValue | undefined): number {
  return typeof entry?.value === "number" ? entry.value : 0;
}

/** What was counted since `before`, as soon as it is as many trades as the desk made, or after 5 s. */
export async function untilCounted(
  aggregator: Aggregator,
  before: Counted,
  desk: { readonly trades: number },
): Promise<Counted> {
  for (let attempt = 0; ; attempt++) {
    const now = countedBy(aggregator.current());
    const counted = {
      success: now.success - before.success,
      failed: now.failed - before.failed,
      priorityFeesLamports: now.priorityFeesLamports - before.priorityFeesLamports,
      pnlMicroUsd: now.pnlMicroUsd - before.pnlMicroUsd,
    };
    if (counted.success + counted.failed >= desk.trades || attempt === 100) return counted;
    await sleep(50);
  }
}
