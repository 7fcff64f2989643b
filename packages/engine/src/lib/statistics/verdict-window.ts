import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { BOUNDARY_MS, boundaryAtOrAfter } from "../boundaries.ts";
import type { MevTrade } from "../mev/own-trade.ts";
import type { CountedVerdict } from "../mev/own-verdicts.ts";
import { microUsdOf } from "../money.ts";
import type { Instant } from "./statistic.ts";

/** What is counted of verdicts. Money in whole micro-dollars. */
export interface VerdictCounts {
  /** Verdicts other than unknown. */
  known: number;
  avoided: number;
  impacted: number;
  /** Impacted trades whose loss is known. */
  losses: number;
  lossMicroUsd: number;
}

/** Why a sum of losses is not known though each of them is. */
export const BEYOND_SUMS = "the losses are more than can be added up exactly";

/** Names of the counts, in the order in which they are saved. */
export const verdictFields = ["known", "avoided", "impacted", "losses", "lossMicroUsd"] as const;

export function noVerdicts(): VerdictCounts {
  return { known: 0, avoided: 0, impacted: 0, losses: 0, lossMicroUsd: 0 };
}

/** @param sign 1: it is true from now on; -1: no longer */
export function addVerdicts(to: VerdictCounts, counts: Readonly<VerdictCounts>, sign: 1 | -1): void {
  for (const field of verdictFields) to[field] += sign * counts[field];
}

/** What a verdict counts as. */
export function countsOf({ sizeUsd }: MevTrade, { verdict, lossRatio }: CountedVerdict): VerdictCounts {
  const counts = noVerdicts();
  if (verdict === "unknown") return counts;
  counts.known = 1;
  if (verdict === "avoided") counts.avoided = 1;
  if (verdict !== "impacted") return counts;
  counts.impacted = 1;
  const loss = lossRatio === null || sizeUsd === null ? undefined : microUsdOf(lossRatio * sizeUsd);
  if (loss === undefined) return counts;
  counts.losses = 1;
  counts.lossMicroUsd = loss;
  return counts;
}

/**
 * Verdicts by the time of their trades, in panes of 5 s over a day. Unlike what else is counted they change afterwards, so a
 * verdict that is no longer true is taken off its pane again. A day has 17,280 panes: they are added up anew for each
 * reading, about 0.1 ms where each of them holds something.
 */
export class VerdictWindow implements Savable {
  readonly seconds: number;
  readonly #keepMs: number;
  // By the end of the pane.
  readonly #panes: Map<number, VerdictCounts> = new Map();
  #fromMs: number = Number.NEGATIVE_INFINITY;

  constructor(seconds: number, amendmentSeconds: number) {
    this.seconds = seconds;
    this.#keepMs = boundaryAtOrAfter((seconds + amendmentSeconds) * 1_000) + 2 * BOUNDARY_MS;
  }

  /** @param sign 1: it is true from now on; -1: no longer */
  add(timeMs: number, counts: Readonly<VerdictCounts>, sign: 1 | -1): void {
    const end = boundaryAtOrAfter(timeMs);
    if (!(end > this.#fromMs)) return;
    let pane = this.#panes.get(end);
    if (pane === undefined) {
      pane = noVerdicts();
      this.#panes.set(end, pane);
    }
    addVerdicts(pane, counts, sign);
  }

  /** What is known of the trades in the window before the instant. */
  before({ boundaryMs }: Instant): VerdictCounts {
    const sum = noVerdicts();
    const fromMs = boundaryMs - this.seconds * 1_000;
    for (const [end, pane] of this.#panes) {
      if (end <= fromMs || end > boundaryMs) continue;
      sum.known += pane.known;
      sum.avoided += pane.avoided;
      sum.impacted += pane.impacted;
      sum.losses += pane.losses;
      sum.lossMicroUsd += pane.lossMicroUsd;
    }
    return sum;
  }

  /** Forgets the panes that no instant from this time on reads. Time never goes back. */
  advance(timeMs: number): void {
    this.#fromMs = Math.max(this.#fromMs, timeMs - this.#keepMs);
    for (const end of this.#panes.keys()) if (end <= this.#fromMs) this.#panes.delete(end);
  }

  save(): Saved {
    const panes = [...this.#panes];
    const values = panes.flatMap(([end, pane]) => [end, ...verdictFields.map((field) => pane[field])]);
    return { fromMs: this.#fromMs, panes: Float64Array.from(values) };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved verdicts by time", saved);
    this.#fromMs = fields.number("fromMs");
    const values = fields.doubles("panes");
    const width = verdictFields.length + 1;
    for (let at = 0; at + width <= values.length; at += width) {
      const pane = noVerdicts();
      for (const [i, field] of verdictFields.entries()) pane[field] = values[at + 1 + i] ?? 0;
      this.#panes.set(values[at] ?? 0, pane);
    }
  }
}
