import { type Saved, SavedFields } from "@slipstream/stats";
import type { Rule, Severity } from "../rule/rule.ts";
import type { Judge, Judgement } from "./judgement.ts";
import { Occurrences } from "./occurrences.ts";
import type { Reading } from "./reading.ts";
import { loadedLabels, loadedValue } from "./saved-values.ts";
import { Stopwatch } from "./stopwatch.ts";
import { Told } from "./told.ts";

/** An alert without data for so long resolves: what it was about no longer exists. */
export const NO_DATA_MS: number = 24 * 3_600_000;

/** The rule of an alert. Its texts may change while it fires. */
export interface AlertRule {
  readonly rule: Rule;
  /** undefined: it reports something that happens. */
  readonly judge: Judge | undefined;
}

/** An alert whose condition holds or held: pending, or firing. */
export class Alert {
  readonly id: string;
  readonly rule: AlertRule;
  /** Labels of the series. */
  readonly series: Readonly<Record<string, string>>;
  /** Those, and the rule's own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly occurrences: Occurrences;
  fires = false;
  /** When it began to be pending or, if it fires, to fire, Unix ms. */
  sinceMs: number;
  value: number | string | null = null;
  worst: number | string | null = null;
  unit = "";
  count = 0;
  /** While it is pending: how long the condition has held. While it fires: how long it has not. */
  readonly #watch = new Stopwatch();
  /** Since when there is no data, Unix ms, and why. */
  noData: { readonly sinceMs: number; readonly reason: string } | undefined;
  /** Number of the evaluation that read it last. */
  readAt = 0;
  /** What of the episode was told, and to whom it was not. */
  readonly told: Told = new Told();

  constructor(id: string, rule: AlertRule, of: Pick<Alert, "series" | "occurrences" | "sinceMs">) {
    this.id = id;
    this.rule = rule;
    this.series = of.series;
    this.labels = { ...rule.rule.labels, ...of.series };
    this.occurrences = of.occurrences;
    this.sinceMs = of.sinceMs;
  }

  get severity(): Severity {
    return this.occurrences.severity(this.rule.rule);
  }

  /** Whether it fires, and the condition no longer holds. */
  get clearing(): boolean {
    return this.fires && !this.#watch.atZero;
  }

  /** Takes what its series says now. Returns false if that ends it: it was pending. */
  read(reading: Reading, judgement: Judgement, nowMs: number): boolean {
    if (judgement === "unknown") {
      this.lose(this.rule.judge?.reason(reading) ?? "", nowMs);
      return true;
    }
    this.noData = undefined;
    this.value = reading.value;
    this.unit = reading.unit;
    this.count = reading.count;
    if (reading.value !== null) {
      this.worst =
        this.worst === null
          ? reading.value
          : (this.rule.judge?.worse(this.worst, reading.value) ?? reading.value);
    }
    const counts = this.fires ? judgement === "clear" : judgement === "holds";
    if (counts) this.#watch.start(nowMs);
    else this.#watch.reset();
    return this.fires || counts;
  }

  /** It has no data: its time does not go on. */
  lose(reason: string, nowMs: number): void {
    this.value = null;
    this.count = 0;
    this.#watch.stop(nowMs);
    if (this.noData?.reason !== reason) this.noData = { sinceMs: this.noData?.sinceMs ?? nowMs, reason };
  }

  /** What has become of it by now. */
  passed(nowMs: number): "fires" | "ends" | undefined {
    if (this.noData !== undefined) return nowMs - this.noData.sinceMs >= NO_DATA_MS ? "ends" : undefined;
    if (!this.#watch.runs || this.#watch.elapsedMs(nowMs) < this.#neededMs) return undefined;
    return this.fires ? "ends" : "fires";
  }

  /** Whether it counts for how long its condition has held, or not held. */
  get counts(): boolean {
    return this.#watch.runs;
  }

  /** Nobody looked at it for the last so many ms: they do not count. */
  skip(ms: number): void {
    this.#watch.skip(ms);
  }

  /** When time alone changes it next, Unix ms. */
  get changesMs(): number {
    const lost = this.noData === undefined ? Number.POSITIVE_INFINITY : this.noData.sinceMs + NO_DATA_MS;
    return Math.min(lost, this.#watch.whenMs(this.#neededMs));
  }

  /** Begins an episode. */
  fire(nowMs: number): void {
    this.fires = true;
    this.sinceMs = nowMs;
    this.#watch.reset();
    this.occurrences.begin(nowMs);
  }

  get #neededMs(): number {
    const { forSeconds, clearForSeconds } = this.rule.rule;
    return (this.fires ? clearForSeconds : forSeconds) * 1000;
  }

  save(): Saved {
    const { id, series, fires, sinceMs, value, worst, unit, count, noData = null } = this;
    return {
      ...{ id, rule: this.rule.rule.id, fires, sinceMs, value, worst, unit, count },
      series: { ...series },
      noData: noData === null ? null : { ...noData },
      occurrences: this.occurrences.save(),
      watch: this.#watch.save(),
      told: this.told.save(),
    };
  }

  /** @throws TypeError if it is no alert of this rule that was saved. */
  static loaded(saved: Saved, rule: AlertRule): Alert {
    const fields = new SavedFields("a saved alert", saved);
    const alert = new Alert(fields.text("id"), rule, {
      series: loadedLabels(fields.any("series")),
      occurrences: Occurrences.loaded(fields.any("occurrences")),
      sinceMs: fields.number("sinceMs"),
    });
    alert.fires = fields.boolean("fires");
    alert.value = loadedValue(fields, "value");
    alert.worst = loadedValue(fields, "worst");
    alert.unit = fields.text("unit");
    alert.count = fields.number("count");
    if (fields.any("noData") !== null) {
      const noData = new SavedFields("a saved alert without data", fields.any("noData"));
      alert.noData = { sinceMs: noData.number("sinceMs"), reason: noData.text("reason") };
    }
    alert.#watch.load(fields.any("watch"));
    alert.told.load(fields.any("told"));
    return alert;
  }
}
