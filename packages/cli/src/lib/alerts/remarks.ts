import { elapsedText } from "@slipstream/alerts";
import type { AlertAnswer } from "../client/alerts-schema.ts";

/** What is said of an alert beside its state and its value; empty if there is nothing. */
export function remarksOf(alert: AlertAnswer): readonly string[] {
  const { state, noData, reason, occurrence, acknowledged, silencedBy, inhibitedBy } = alert;
  const remarks: string[] = [];
  if (state === "firing" && occurrence > 1) remarks.push(`occurrence ${occurrence}`);
  if (acknowledged !== null) {
    const { by, comment } = acknowledged;
    remarks.push(`acknowledged by ${by}${comment === "" ? "" : `: ${comment}`}`);
  }
  if (silencedBy !== null) remarks.push(`silenced by ${silencedBy}`);
  if (inhibitedBy !== null) remarks.push(`muted by ${inhibitedBy}`);
  if (noData) remarks.push(`${state === "no_data" ? "" : "no data: "}${reason ?? "no data"}`);
  return remarks;
}

/** How long an alert has been in its state. */
export function ageOf({ since }: Pick<AlertAnswer, "since">, nowMs: number): string {
  const sinceMs = Date.parse(since);
  return Number.isNaN(sinceMs) ? "" : elapsedText(Math.max(0, nowMs - sinceMs) / 1_000);
}
