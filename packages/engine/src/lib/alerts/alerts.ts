import {
  AlertBook,
  type AlertCommand,
  type EvaluationTime,
  type Happening,
  type Rule,
  type Severity,
  severities,
  type Transition,
} from "@slipstream/alerts";
import { aggregatorMetrics } from "@slipstream/conventions";
import type { Labels, MetricFamily } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { VerdictEvent } from "../mev/own-verdicts.ts";
import type { Part } from "../parts/part.ts";
import { type Days, endOf } from "./days.ts";
import { describeAlert } from "./describe.ts";
import type { FailedTrade, ImpactedTrade } from "./evidence.ts";
import { EVALUATION_MS, Readings, type WindowOf } from "./readings.ts";
import { type AlertHost, Snapshot } from "./snapshot.ts";

const HOUR_MS = 3_600_000;
/** Ticks come each second, or as much less often as other records come. */
const TICK_MS = 750;
const none: readonly never[] = Object.freeze([]);

/** What alerts need of their engine. */
export interface AlertParts {
  readonly host: AlertHost;
  /** Hours after the end of a UTC day until it is summed up. */
  readonly summaryHour: () => number;
  /** The newest days, if they are counted. */
  readonly days: () => Days | undefined;
  /** Benchmarks of which there are results; undefined: not known. */
  readonly benchmarks: () => number | undefined;
}

/** The alerts of a desk, for whoever shows them. */
export type AlertsOf = Pick<AlertBook, "rules" | "view" | "silences" | "ruleViews">;

/**
 * When rules are evaluated, and with what: between records, at most every 250 ms of receipt, and when time alone changes
 * something. All of it goes by the records, so that what is recovered or replayed gives the transitions that there were. Without
 * rules it does nothing.
 */
export class Alerts {
  readonly book: AlertBook;
  /** When what was read, and what is not the book's: a part of its own. */
  readonly evaluation: Part;
  readonly #parts: AlertParts;
  #readings: Readings | undefined;
  #isOn: boolean | undefined;
  /** Time of receipt of the last evaluation, Unix ms. */
  #lastMs: number = Number.NEGATIVE_INFINITY;
  /** Whether a record was applied since. */
  #waits = false;
  /** Date of the last day that was summed up. */
  #summedUp = "";
  #benchmarks = 0;
  #lastImpacted: ImpactedTrade | undefined;
  #lastFailed: FailedTrade | undefined;
  #snapshot: Snapshot;
  // Kept, for whoever writes `/metrics` looks whether the labels are still the same.
  readonly #labels: Map<string, Labels> = new Map();

  constructor(parts: AlertParts) {
    this.#parts = parts;
    this.#snapshot = this.#newSnapshot();
    this.book = new AlertBook((rule, core) => describeAlert(rule, core, this.#snapshot));
    this.evaluation = {
      needs: ["alerts"],
      save: () => this.#save(),
      load: (saved) => this.#load(saved),
    };
  }

  /** Whether any rule is on. */
  get isOn(): boolean {
    this.#isOn ??= this.book.rules.some(({ off }) => off === null);
    return this.#isOn;
  }

  /** Windows that rules give to statistics. */
  get windows(): readonly WindowOf[] {
    return this.isOn ? this.#plan.windows : none;
  }

  /** Whether a rule on something that happens is on. */
  awaits(happening: Happening): boolean {
    return this.book.rules.some(({ off, when }) => off === null && when === happening);
  }

  setRules(rules: readonly Rule[], nowMs: number): readonly Transition[] {
    this.#snapshot = this.#newSnapshot();
    this.#isOn = undefined;
    this.#readings = undefined;
    return this.book.setRules(rules, nowMs);
  }

  command(command: AlertCommand, nowMs: number): readonly Transition[] {
    this.#snapshot = this.#newSnapshot();
    return this.book.command(command, nowMs);
  }

  /** Whether a tick at this time would be more than a tick: something waits to be evaluated, or time changes something. */
  isDue(nowMs: number): boolean {
    if (!this.isOn) return false;
    if (this.#waits && nowMs - this.#lastMs >= EVALUATION_MS) return true;
    const { dueMs } = this.book;
    return dueMs !== undefined && nowMs >= dueMs && nowMs > this.#lastMs;
  }

  /**
   * A record was applied.
   *
   * @param isTick it is one that only moves the time: soon after an evaluation nothing needs another one because of it
   */
  evaluate(time: () => EvaluationTime, nowMs: number, isTick = false): readonly Transition[] {
    if (!this.isOn) return none;
    if (!isTick || nowMs - this.#lastMs >= TICK_MS) this.#waits = true;
    if (!this.isDue(nowMs)) return none;
    this.#waits = false;
    this.#lastMs = nowMs;
    this.#snapshot = this.#newSnapshot();
    const at = time();
    const transitions = this.book.evaluate(at, this.#plan.take(nowMs, this.#snapshot));
    const happened = this.#happened(at);
    return happened.length === 0 ? transitions : [...transitions, ...happened];
  }

  /** A verdict is new or has changed. */
  judged({ trade, now: { verdict, lossRatio }, before }: VerdictEvent): void {
    const { pair, signature, sizeUsd, timeMs } = trade;
    if (verdict !== "impacted") {
      const isTakenBack = before?.verdict === "impacted" && signature === this.#lastImpacted?.signature;
      if (isTakenBack) this.#lastImpacted = undefined;
      return;
    }
    if (!this.isOn || !trade.inWindow) return;
    if (this.#lastImpacted !== undefined && timeMs < this.#lastImpacted.timeMs) return;
    const lossUsd = lossRatio === null || sizeUsd === null ? null : lossRatio * sizeUsd;
    this.#lastImpacted = { signature, pair: pair ?? "unknown", lossUsd, timeMs };
  }

  /** A trade in the windows failed. */
  failed(trade: FailedTrade): void {
    if (this.#lastFailed === undefined || trade.timeMs >= this.#lastFailed.timeMs) this.#lastFailed = trade;
  }

  /** 1 for each rule that is on and fires, 0 for the others; with the severity of its most severe alert, which may have escalated. */
  collect(): MetricFamily[] {
    const states = new Map(this.book.ruleViews().map(({ rule, firing }) => [rule, firing]));
    const now = this.#severities(states);
    const samples = this.book.rules.flatMap(({ id, severity }) => {
      const firing = states.get(id);
      return firing === undefined
        ? []
        : [{ labels: this.#labelsOf(id, now.get(id) ?? severity), value: firing > 0 ? 1 : 0 }];
    });
    return [{ definition: aggregatorMetrics.alertState, samples }];
  }

  get #plan(): Readings {
    this.#readings ??= new Readings(this.book.rules, this.#parts.host);
    return this.#readings;
  }

  #newSnapshot(): Snapshot {
    return new Snapshot(this.#parts.host, { lastImpacted: this.#lastImpacted, lastFailed: this.#lastFailed });
  }

  /** Of rules that fire. */
  #severities(firing: ReadonlyMap<string, number>): ReadonlyMap<string, Severity> {
    const found = new Map<string, Severity>();
    if (![...firing.values()].some((count) => count > 0)) return found;
    for (const { rule, state, severity } of this.book.view()) {
      if (state !== "firing") continue;
      const before = found.get(rule);
      if (before === undefined || isGraver(severity, before)) found.set(rule, severity);
    }
    return found;
  }

  #labelsOf(alert: string, severity: string): Labels {
    const known = this.#labels.get(alert);
    if (known?.severity === severity) return known;
    const labels = { alert, severity };
    this.#labels.set(alert, labels);
    return labels;
  }

  #happened(time: EvaluationTime): readonly Transition[] {
    const transitions: Transition[] = [];
    const happen = (
      happening: Happening,
      key: string,
      evidence: Parameters<AlertBook["happen"]>[3],
    ): void => {
      for (const { id, off, when } of this.book.rules) {
        if (off === null && when === happening)
          transitions.push(...this.book.happen(time, id, key, evidence));
      }
    };
    const days = this.#parts.days();
    for (const date of days?.dates ?? []) {
      if (date <= this.#summedUp || !this.#isOver(date, time)) continue;
      this.#summedUp = date;
      happen("daily_summary", date, days?.linesOf(date));
    }
    const benchmarks = this.#parts.benchmarks() ?? 0;
    if (benchmarks > this.#benchmarks) happen("benchmark_results", String(benchmarks), []);
    this.#benchmarks = benchmarks;
    return transitions;
  }

  #isOver(date: string, { nowMs, eventMs = Number.NEGATIVE_INFINITY, catchingUp }: EvaluationTime): boolean {
    const endMs = endOf(date);
    if (nowMs < endMs + this.#parts.summaryHour() * HOUR_MS) return false;
    // What is on its way belongs to the day. In silence nothing is.
    return eventMs >= endMs || !catchingUp;
  }

  #save(): Saved {
    const [lastImpacted, lastFailed] = [this.#lastImpacted ?? null, this.#lastFailed ?? null];
    return {
      lastMs: this.#lastMs,
      waits: this.#waits,
      summedUp: this.#summedUp,
      benchmarks: this.#benchmarks,
      lastImpacted: lastImpacted && { ...lastImpacted },
      lastFailed: lastFailed && { ...lastFailed },
      readings: this.#plan.save(),
    };
  }

  #load(saved: Saved): void {
    const fields = new SavedFields("saved times of evaluation", saved);
    this.#lastMs = fields.number("lastMs");
    this.#waits = fields.boolean("waits");
    this.#summedUp = fields.text("summedUp");
    this.#benchmarks = fields.number("benchmarks");
    this.#lastImpacted = optional(fields.any("lastImpacted"), impactedTrade);
    this.#lastFailed = optional(fields.any("lastFailed"), failedTrade);
    this.#plan.load(fields.any("readings"));
  }
}

function isGraver(one: Severity, other: Severity): boolean {
  return severities.indexOf(one) > severities.indexOf(other);
}

function optional<T>(saved: Saved, read: (saved: Saved) => T): T | undefined {
  return saved === null ? undefined : read(saved);
}

function impactedTrade(saved: Saved): ImpactedTrade {
  const fields = new SavedFields("a saved trade", saved);
  return {
    signature: fields.text("signature"),
    pair: fields.text("pair"),
    lossUsd: fields.optionalNumber("lossUsd") ?? null,
    timeMs: fields.number("timeMs"),
  };
}

function failedTrade(saved: Saved): FailedTrade {
  const fields = new SavedFields("a saved trade", saved);
  return {
    traceId: fields.text("traceId"),
    signature: fields.text("signature"),
    reason: fields.text("reason"),
    timeMs: fields.number("timeMs"),
  };
}
