import type { Transition } from "@slipstream/alerts";
import { type HistoryRow, historyRow } from "./rows.ts";

const US_PER_MS = 1_000;

/** The row of a transition. Its number tells two of one millisecond apart. */
export function alertRow(transition: Transition): HistoryRow {
  const { key, alert, episode, kind, occurrence, severity, statistic, unit, labels, muted, text } =
    transition;
  const number = Number(key.slice(key.lastIndexOf("/") + 1));
  const { service = null, ...others } = labels;
  return historyRow("alerts", {
    timestamp: transition.atMs * US_PER_MS + (number % US_PER_MS),
    alert,
    episode: String(episode),
    transition: kind,
    occurrence,
    severity,
    source: "slipstream",
    service,
    statistic,
    value: numberOf(transition.value),
    threshold: numberOf(transition.threshold),
    unit: unit === "" ? null : unit,
    message: messageOf(text),
    labels: JSON.stringify(others),
    muted: muted?.by ?? null,
    worst: numberOf(transition.worst),
  });
}

function numberOf(value: number | string | null): number | null {
  return typeof value === "number" ? value : null;
}

function messageOf({ title, lines, evidence }: Transition["text"]): string {
  const rest = [...lines, ...evidence].map(({ label, text }) =>
    label === null ? text : `${label}: ${text}`,
  );
  return [title, ...rest].join("\n");
}
