import { valueText } from "@slipstream/alerts";
import { countsText } from "../../alerts/alerts-text.ts";
import { ageOf, remarksOf } from "../../alerts/remarks.ts";
import type { AlertAnswer } from "../../client/alerts-schema.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Line, Paint, Piece } from "../style.ts";
import { heading, label } from "./labels.ts";

const styles: Readonly<Record<AlertAnswer["severity"], keyof Paint>> = {
  critical: "bad",
  warning: "warn",
  info: "bold",
};

/** How many alerts there are, and what fires or is about to; nothing if the aggregator has no alerts. */
export function alertLines({ alerts: answer, takenMs }: Snapshot, most: number): Line[] {
  if (answer === undefined) return [];
  const { alerts, states } = answer;
  const shown = alerts.filter(({ state }) => state !== "no_data");
  const text = countsText(states);
  const counts: Piece = states.firing > 0 ? text : { text, style: "good" };
  const hidden = shown.length - most;
  const more: Piece = { text: hidden > 0 ? `; ${hidden} more: slipstream alerts` : "", style: "dim" };
  return [
    [heading("Alerts"), counts, more],
    ...shown.slice(0, Math.max(0, most)).map((alert) => alertLine(alert, takenMs)),
  ];
}

function alertLine(alert: AlertAnswer, nowMs: number): Line {
  const { severity, state, id, value, unit } = alert;
  const pieces: Piece[] =
    state === "firing"
      ? [{ text: severity.toUpperCase().padEnd(9), style: styles[severity] }]
      : [{ text: "pending".padEnd(9), style: "dim" }];
  const remarks = remarksOf(alert).map((remark) => `, ${remark}`);
  // The value stands behind the time: "breaker closed for 13 s" would say of the breaker what holds for the alert.
  const shown = value === null ? "" : `, now ${valueText(value, unit)}`;
  return [label(""), ...pieces, `${id} for ${ageOf(alert, nowMs)}${shown}${remarks.join("")}`];
}
