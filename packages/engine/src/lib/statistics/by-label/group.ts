import type { MicroUsd } from "@slipstream/conventions";
import { type Mergeable, QuantileSketch, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { SpanEvent, Trade } from "../../event.ts";
import { ExactSum, MOST_MICRO_USD, usd } from "../../money.ts";
import { StatusCounts } from "../counts.ts";

/** Outcomes and profit of some trades. */
export class Outcomes implements Mergeable<Outcomes>, Savable {
  readonly trades: StatusCounts = new StatusCounts();
  readonly pnlMicroUsd: ExactSum<MicroUsd<number | bigint>> = new ExactSum();
  /** Trades that have a profit or loss. */
  pnlTrades = 0;

  count({ status, pnlMicroUsd }: Trade): void {
    this.trades.count(status);
    if (pnlMicroUsd === undefined) return;
    this.pnlMicroUsd.add(pnlMicroUsd);
    this.pnlTrades += 1;
  }

  /**
   * Dollars. null: no trade told it, or one told an amount that nothing can be, to a version that took it: then the sum is wrong for
   * good.
   */
  get pnlUsd(): number | null {
    const { pnlTrades, pnlMicroUsd } = this;
    const isPlausible = Math.abs(Number(pnlMicroUsd.value)) <= pnlTrades * MOST_MICRO_USD;
    return pnlTrades === 0 || !isPlausible ? null : usd(pnlMicroUsd.value);
  }

  merge(other: Outcomes): void {
    this.trades.merge(other.trades);
    this.pnlMicroUsd.merge(other.pnlMicroUsd);
    this.pnlTrades += other.pnlTrades;
  }

  save(): Saved {
    return { trades: this.trades.save(), pnl: this.pnlMicroUsd.save(), pnlTrades: this.pnlTrades };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved outcomes", saved);
    this.trades.load(fields.any("trades"));
    this.pnlMicroUsd.load(fields.any("pnl"));
    this.pnlTrades = fields.number("pnlTrades");
  }
}

/** Outcomes and latencies of the trades of a minute, or of a few. */
export class Group implements Mergeable<Group>, Savable {
  readonly outcomes: Outcomes = new Outcomes();
  /** Seconds. */
  readonly latency: QuantileSketch = new QuantileSketch();

  count({ seconds }: SpanEvent, trade: Trade): void {
    this.outcomes.count(trade);
    this.latency.record(seconds);
  }

  merge(other: Group): void {
    this.outcomes.merge(other.outcomes);
    this.latency.merge(other.latency);
  }

  save(): Saved {
    return { outcomes: this.outcomes.save(), latency: this.latency.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved group of trades", saved);
    this.outcomes.load(fields.any("outcomes"));
    this.latency.load(fields.any("latency"));
  }
}
