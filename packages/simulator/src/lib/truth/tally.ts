import type { BreakerState } from "../desk/breaker.ts";
import type { Side } from "../market/tokens.ts";
import type { CallTotals, FailureReason, Totals, TradeTruth, VerdictTruth } from "./model.ts";

const MAX_CHANGES = 1000;

/** Adds up trades. Money is summed in whole micro-USD and lamports, so the sums are exact in any order. */
export class Tally {
  #success = 0;
  #failed = 0;
  #heldBack = { breaker: 0, limit: 0 };
  #sizeMicroUsd = 0n;
  #pnlMicroUsd = 0n;
  #priorityFees = 0n;
  #baseFees = 0n;
  #tips = 0n;
  readonly #verdicts = { impacted: 0, avoided: 0, clean: 0 };
  #lossMicroUsd = 0n;
  readonly #failures = new Map<FailureReason, number>();
  readonly #pairs = new Map<string, Record<Side, { success: number; failed: number }>>();
  #spans = 0;
  readonly #calls = new Map<string, { count: number; failed: number }>();
  readonly #breaker: { timeMs: number; state: BreakerState }[] = [];

  add(trade: TradeTruth): void {
    if (trade.status === "success") this.#success++;
    else this.#failed++;
    const sides = this.#pairs.get(trade.pair) ?? {
      buy: { success: 0, failed: 0 },
      sell: { success: 0, failed: 0 },
    };
    this.#pairs.set(trade.pair, sides);
    sides[trade.side][trade.status]++;
    this.#spans += 1 + trade.calls.length;
    if (trade.failure !== null) {
      this.#failures.set(trade.failure, (this.#failures.get(trade.failure) ?? 0) + 1);
    }
    this.#sizeMicroUsd += micro(trade.sizeUsd);
    this.#pnlMicroUsd += micro(trade.pnlUsd ?? 0);
    this.#priorityFees += BigInt(trade.priorityFeeLamports ?? 0);
    this.#baseFees += BigInt(trade.baseFeeLamports ?? 0);
    this.#tips += BigInt(trade.jitoTipLamports ?? 0);
    for (const { operation, failed } of trade.calls) {
      const totals = this.#calls.get(operation) ?? { count: 0, failed: 0 };
      this.#calls.set(operation, totals);
      totals.count++;
      if (failed) totals.failed++;
    }
  }

  addVerdict({ verdict, lossUsd }: VerdictTruth): void {
    this.#verdicts[verdict]++;
    this.#lossMicroUsd += micro(lossUsd);
  }

  holdBack(reason: "breaker" | "limit"): void {
    this.#heldBack[reason]++;
  }

  breakerChanged(state: BreakerState, timeMs: number): void {
    this.#breaker.push({ timeMs, state });
    if (this.#breaker.length > MAX_CHANGES) this.#breaker.shift();
  }

  totals(): Totals {
    return {
      trades: this.#success + this.#failed,
      spans: this.#spans,
      success: this.#success,
      failed: this.#failed,
      failures: Object.fromEntries(this.#failures),
      heldBack: { ...this.#heldBack },
      sizeUsd: Number(this.#sizeMicroUsd) / 1e6,
      pnlUsd: Number(this.#pnlMicroUsd) / 1e6,
      priorityFeesLamports: Number(this.#priorityFees),
      baseFeesLamports: Number(this.#baseFees),
      tipsLamports: Number(this.#tips),
      mev: { ...this.#verdicts, lossUsd: Number(this.#lossMicroUsd) / 1e6 },
      pairs: structuredClone(Object.fromEntries(this.#pairs)),
      calls: Object.fromEntries(
        [...this.#calls].map(([name, totals]): [string, CallTotals] => [name, { ...totals }]),
      ),
      breaker: [...this.#breaker],
    };
  }
}

function micro(usd: number): bigint {
  return BigInt(Math.round(usd * 1e6));
}
