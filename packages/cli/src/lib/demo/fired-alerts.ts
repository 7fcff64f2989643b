import { valueText } from "@slipstream/alerts";
import type { HistoryRow } from "@slipstream/engine";
import { recordOf, timestampUs } from "@slipstream/engine";
import { tableText } from "../mev/numbers.ts";
import { clock } from "../view/format.ts";

/** One firing of an alert, from the rows of its transitions. */
export interface FiredAlert {
  readonly alert: string;
  /** The last, after escalation. */
  readonly severity: string;
  readonly firedMs: number;
  /** null: it still fires. */
  readonly resolvedMs: number | null;
  readonly occurrences: number;
  readonly worst: number | null;
  readonly unit: string;
}

/** What fired, in the order in which it began. @param rows of the history's table `alerts`, oldest first */
export function firedAlerts(rows: readonly HistoryRow[]): readonly FiredAlert[] {
  const fired = new Map<string, FiredAlert>();
  for (const row of rows) {
    const { alert, episode, transition, severity, occurrence, worst, unit } = recordOf(row);
    if (transition === "happened" || transition === "digest") continue;
    const key = `${alert}/${episode}`;
    const atMs = Math.floor(timestampUs(row) / 1_000);
    fired.set(key, {
      alert: String(alert),
      severity: String(severity),
      firedMs: fired.get(key)?.firedMs ?? atMs,
      resolvedMs: transition === "resolved" ? atMs : null,
      occurrences: Number(occurrence),
      worst: typeof worst === "number" ? worst : null,
      unit: String(unit ?? ""),
    });
  }
  return [...fired.values()];
}

/** The same for people. */
export function firedAlertsText(fired: readonly FiredAlert[]): string {
  if (fired.length === 0) return "No alert fired.";
  const rows = fired.map(({ alert, severity, firedMs, resolvedMs, occurrences, worst, unit }) => [
    alert,
    severity,
    clock(firedMs),
    resolvedMs === null ? "fires still" : clock(resolvedMs),
    String(occurrences),
    worst === null ? "" : valueText(worst, unit),
  ]);
  const head = ["alert that fired", "severity", "from", "to", "occurrences", "worst"];
  return tableText(head, rows, { left: [0, 1, 2, 3] }).join("\n");
}
