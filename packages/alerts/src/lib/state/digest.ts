import { type Saved, SavedFields } from "@slipstream/stats";
import type { Severity } from "../rule/rule.ts";
import { severities, worseSeverity } from "../rule/severity.ts";
import type { Alert } from "./alert.ts";
import { loadedLabels, loadedValue } from "./saved-values.ts";
import type { DigestEntry } from "./transition.ts";

/** Most alerts that a digest names. */
const MOST_NAMED = 100;

/** What a digest reports. */
export interface DigestContents {
  /** 1, 2, ... */
  readonly number: number;
  readonly entries: readonly DigestEntry[];
  /** Episodes of other alerts. */
  readonly more: number;
}

/** Collects the alerts that fired and resolved while a backlog was worked off. */
export class Digest {
  readonly #entries: Map<string, DigestEntry> = new Map();
  #more = 0;
  /** How many digests there were. */
  #count = 0;

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** @param resolvedMs Event time, Unix ms. */
  add(alert: Alert, firedMs: number, resolvedMs: number): void {
    const before = this.#entries.get(alert.id);
    if (before === undefined && this.#entries.size >= MOST_NAMED) {
      this.#more += 1;
      return;
    }
    const { id, labels, worst, unit } = alert;
    const worse = before?.worst ?? worst;
    this.#entries.set(id, {
      ...{ alert: id, rule: alert.rule.rule.id, labels, unit, resolvedMs },
      severity: before === undefined ? alert.severity : worseSeverity(before.severity, alert.severity),
      times: (before?.times ?? 0) + 1,
      firedMs: before?.firedMs ?? firedMs,
      worst: worse === null || worst === null ? worse : (alert.rule.judge?.worse(worse, worst) ?? worse),
    });
  }

  /** What was collected since the last one. */
  take(): DigestContents {
    this.#count += 1;
    const taken = { number: this.#count, entries: [...this.#entries.values()], more: this.#more };
    this.#entries.clear();
    this.#more = 0;
    return taken;
  }

  save(): Saved {
    const entries = Array.from(this.#entries.values(), (entry) => ({
      ...entry,
      labels: { ...entry.labels },
    }));
    return { entries, more: this.#more, count: this.#count };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved digest", saved);
    for (const entry of fields.list("entries").map(loadedEntry)) this.#entries.set(entry.alert, entry);
    this.#more = fields.number("more");
    this.#count = fields.number("count");
  }
}

/** It pages nobody: what it reports is over. */
export function digestSeverity(entries: readonly DigestEntry[]): Severity {
  return entries.every(({ severity }) => severity === "info") ? "info" : "warning";
}

function loadedEntry(saved: Saved): DigestEntry {
  const fields = new SavedFields("a saved entry of a digest", saved);
  const severity = severities.find((known) => known === fields.text("severity"));
  if (severity === undefined) throw new TypeError("Not a saved entry of a digest: its severity is unknown");
  return {
    ...{ alert: fields.text("alert"), rule: fields.text("rule"), severity },
    labels: loadedLabels(fields.any("labels")),
    times: fields.number("times"),
    firedMs: fields.number("firedMs"),
    resolvedMs: fields.number("resolvedMs"),
    worst: loadedValue(fields, "worst"),
    unit: fields.text("unit"),
  };
}
