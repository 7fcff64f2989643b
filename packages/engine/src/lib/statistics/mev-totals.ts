import type { NumberSample } from "@slipstream/exposition";
import { bucketOf, sizeBounds, type VerdictKind, verdictKinds } from "@slipstream/mev/verdicts";
import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { MevTrade } from "../mev/own-trade.ts";
import type { CountedVerdict } from "../mev/own-verdicts.ts";
import type { LabelledStatisticValue } from "../model.ts";
import { BoundedLabels } from "./mev-labels.ts";

const MOST_PAIRS = 64;
const MOST_PROTECTIONS = 8;
const NAMES = ["verdict", "pair", "size", "protection", "state"] as const;
const STATES = ["provisional", "final"] as const;
/** Between the values of a key: see `label`. */
const SEPARATOR = "\u0000";

/** Trades by verdict since the log began, by what they are told apart by on `/metrics`. */
export class MevTotals implements Savable {
  readonly #pairs: BoundedLabels = new BoundedLabels(MOST_PAIRS);
  readonly #protections: BoundedLabels = new BoundedLabels(MOST_PROTECTIONS);
  // By the labels' values in the order of NAMES.
  readonly #counts: Map<string, number> = new Map();

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  add(trade: MevTrade, counted: CountedVerdict, sign: 1 | -1): void {
    const { verdict, state } = counted;
    const pair = this.#pairs.of(label(trade.pair));
    const protection = this.#protections.of(label(counted.protection));
    const key = [verdict, pair, bucketOf(trade.sizeUsd, sizeBounds), protection, state].join(SEPARATOR);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + sign);
  }

  /** Trades with a final verdict of the kind. */
  final(wanted: VerdictKind): number {
    return this.#sum((verdict, state) => verdict === wanted && state === "final");
  }

  samples(): NumberSample[] {
    return [...this.#counts].map(([key, value]) => {
      const values = key.split(SEPARATOR);
      return { labels: Object.fromEntries(NAMES.map((name, at) => [name, values[at] ?? ""])), value };
    });
  }

  /** By verdict and state alone, for `/api/current`. */
  entries(): LabelledStatisticValue[] {
    if (this.isEmpty) return [];
    return verdictKinds.flatMap((verdict) =>
      STATES.map((state) => {
        const value = this.#sum((one, its) => one === verdict && its === state);
        return { labels: { verdict, state }, value, unit: "trades", count: value, windowSeconds: null };
      }),
    );
  }

  save(): Saved {
    return {
      pairs: this.#pairs.save(),
      protections: this.#protections.save(),
      keys: [...this.#counts.keys()],
      counts: Float64Array.from(this.#counts.values()),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved totals of verdicts", saved);
    this.#pairs.load(fields.any("pairs"));
    this.#protections.load(fields.any("protections"));
    const keys = fields.texts("keys");
    const counts = fields.doubles("counts", keys.length);
    for (const [at, key] of keys.entries()) this.#counts.set(key, counts[at] ?? 0);
  }

  #sum(isWanted: (verdict: string, state: string) => boolean): number {
    let sum = 0;
    for (const [key, count] of this.#counts) {
      const first = key.slice(0, key.indexOf(SEPARATOR));
      if (isWanted(first, key.slice(key.lastIndexOf(SEPARATOR) + 1))) sum += count;
    }
    return sum;
  }
}

function label(value: string | null): string {
  return value === null ? "unknown" : value.replaceAll(SEPARATOR, "\ufffd");
}
