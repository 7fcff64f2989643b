import { countText, type TextLine, valueText } from "@slipstream/alerts";
import { type Lamports, type MicroUsd, microUsd, quantity } from "@slipstream/conventions";
import { QuantileSketch, type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, SpanEvent } from "../event.ts";
import type { VerdictChange } from "../mev/own-verdicts.ts";
import { ExactSum, usd } from "../money.ts";
import { StatusCounts } from "../statistics/counts.ts";
import type { Statistic } from "../statistics/statistic.ts";
import {
  addVerdicts,
  countsOf,
  noVerdicts,
  type VerdictCounts,
  verdictFields,
} from "../statistics/verdict-window.ts";

const DAY_MS = 86_400_000;
/** Days that are kept: today, the one before, and one more for what comes late. */
const MOST_DAYS = 3;
const LAMPORTS_PER_SOL = 1e9;

/** What a desk did on a UTC day. */
class Day {
  readonly trades: StatusCounts = new StatusCounts();
  readonly tradeLatency: QuantileSketch = new QuantileSketch();
  readonly nodeLatency: QuantileSketch = new QuantileSketch();
  readonly profit: ExactSum<MicroUsd<number | bigint>> = new ExactSum();
  readonly fees: ExactSum<Lamports<number | bigint>> = new ExactSum();
  profits = 0;
  feesKnown = 0;
  readonly verdicts: VerdictCounts = noVerdicts();

  observe({ trade, call, live, seconds }: SpanEvent): void {
    if (call?.kind === "node" && live) this.nodeLatency.record(seconds);
    if (trade === undefined) return;
    this.trades.count(trade.status);
    if (live) this.tradeLatency.record(seconds);
    if (trade.pnlMicroUsd !== undefined) {
      this.profit.add(trade.pnlMicroUsd);
      this.profits += 1;
    }
    if (trade.priorityFeeLamports !== undefined) {
      this.fees.add(trade.priorityFeeLamports);
      this.feesKnown += 1;
    }
  }

  /** What a summary says. What is not known is left out. */
  lines(): readonly TextLine[] {
    const { known, succeeded, all } = this.trades;
    const share = known === 0 ? "" : `, ${valueText((100 * succeeded) / known, "%")} succeeded`;
    const lines: TextLine[] = [{ label: "Trades", text: `${countText(all)}${share}` }];
    const p99 = (sketch: QuantileSketch, label: string, what: string): void => {
      const value = sketch.quantile(0.99)?.value;
      if (value === undefined) return;
      lines.push({ label, text: `${valueText(1_000 * value, "ms")} (${quantity(sketch.count, what)})` });
    };
    p99(this.tradeLatency, "Trade latency P99", "trade");
    p99(this.nodeLatency, "Node latency P99", "call");
    if (this.profits > 0)
      lines.push({
        label: "Profit and loss",
        text: `${valueText(usd(microUsd(this.profit.value)), "usd")} (${quantity(this.profits, "trade")})`,
      });
    if (this.feesKnown > 0)
      lines.push({
        label: "Priority fees",
        text: `${sol(this.fees.value)} SOL (${quantity(this.feesKnown, "trade")})`,
      });
    if (this.verdicts.known > 0) lines.push({ label: "MEV", text: this.#mev() });
    return lines;
  }

  #mev(): string {
    const { avoided, impacted, known, losses, lossMicroUsd } = this.verdicts;
    const lost =
      losses === 0
        ? ""
        : `, ${valueText(usd(microUsd(BigInt(lossMicroUsd))), "usd")} lost by ${countText(losses)}`;
    return `${countText(impacted)} impacted and ${countText(avoided)} avoided of ${quantity(known, "trade")} with a verdict${lost}`;
  }

  save(): Saved {
    return {
      trades: this.trades.save(),
      tradeLatency: this.tradeLatency.save(),
      nodeLatency: this.nodeLatency.save(),
      profit: this.profit.save(),
      fees: this.fees.save(),
      numbers: Float64Array.of(
        this.profits,
        this.feesKnown,
        ...verdictFields.map((field) => this.verdicts[field]),
      ),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved day", saved);
    this.trades.load(fields.any("trades"));
    this.tradeLatency.load(fields.any("tradeLatency"));
    this.nodeLatency.load(fields.any("nodeLatency"));
    this.profit.load(fields.any("profit"));
    this.fees.load(fields.any("fees"));
    const [profits = 0, feesKnown = 0, ...verdicts] = fields.doubles("numbers", 2 + verdictFields.length);
    this.profits = profits;
    this.feesKnown = feesKnown;
    for (const [i, field] of verdictFields.entries()) this.verdicts[field] = verdicts[i] ?? 0;
  }
}

/**
 * The newest UTC days of event time, for daily summaries. It gives no values of its own: a day is no window that `/api/current`
 * could have.
 */
export class Days implements Statistic {
  readonly name = "days";
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = ["trade", "node"];
  // By their numbers since 1970.
  readonly #days: Map<number, Day> = new Map();
  #lastNumber = Number.NaN;
  #last: Day | undefined;

  observe(event: SpanEvent): void {
    if (event.live) this.#at(event.timeMs)?.observe(event);
  }

  observeVerdict({ trade, now, before }: VerdictChange): void {
    if (!trade.inWindow) return;
    const day = this.#at(trade.timeMs);
    if (day === undefined) return;
    if (before !== undefined) addVerdicts(day.verdicts, countsOf(trade, before), -1);
    addVerdicts(day.verdicts, countsOf(trade, now), 1);
  }

  /** Days of which anything is known, as dates such as "2026-11-29", the oldest first. */
  get dates(): readonly string[] {
    return [...this.#days.keys()].sort((a, b) => a - b).map(dateOf);
  }

  /** What is known of a day. */
  linesOf(date: string): readonly TextLine[] {
    return this.#days.get(Date.parse(date) / DAY_MS)?.lines() ?? [];
  }

  read(): Record<string, never> {
    return {};
  }

  collect(): readonly never[] {
    return [];
  }

  save(): Saved {
    return Array.from(this.#days, ([number, day]) => ({ number, day: day.save() }));
  }

  load(saved: Saved): void {
    if (!Array.isArray(saved)) throw new TypeError("Not saved days: no list");
    for (const each of saved) {
      const fields = new SavedFields("a saved day", each);
      const day = new Day();
      day.load(fields.any("day"));
      this.#days.set(fields.number("number"), day);
    }
  }

  #at(timeMs: number): Day | undefined {
    const number = Math.floor(timeMs / DAY_MS);
    if (number === this.#lastNumber) return this.#last;
    let day = this.#days.get(number);
    if (day === undefined && (this.#days.size < MOST_DAYS || this.#dropOlderThan(number))) {
      day = new Day();
      this.#days.set(number, day);
    }
    this.#lastNumber = number;
    this.#last = day;
    return day;
  }

  /** Makes room for a day. False: all others are newer. */
  #dropOlderThan(number: number): boolean {
    const oldest = Math.min(...this.#days.keys());
    if (oldest > number) return false;
    this.#days.delete(oldest);
    return true;
  }
}

/** End of a date's day, Unix ms. */
export function endOf(date: string): number {
  return Date.parse(date) + DAY_MS;
}

/** Alerts ask at each evaluation which days there are. */
const dates: Map<number, string> = new Map();

function dateOf(number: number): string {
  const known = dates.get(number);
  if (known !== undefined) return known;
  const date = new Date(number * DAY_MS).toISOString().slice(0, 10);
  if (dates.size >= MOST_DAYS) dates.clear();
  dates.set(number, date);
  return date;
}

function sol(lamports: number | bigint): string {
  return (Number(lamports) / LAMPORTS_PER_SOL).toLocaleString("en-US", { maximumFractionDigits: 6 });
}
