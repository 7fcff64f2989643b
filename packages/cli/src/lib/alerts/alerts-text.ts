import { valueText } from "@slipstream/alerts";
import { quantity } from "@slipstream/conventions";
import type { AlertAnswer, AlertsAnswer } from "../client/alerts-schema.ts";
import { tableText } from "../mev/numbers.ts";
import { unknown } from "../view/format.ts";
import { ageOf, remarksOf } from "./remarks.ts";

const stateNames = { firing: "firing", pending: "pending", no_data: "no data" } as const;

/** The alerts of an aggregator as a table for people. */
export function alertsText({ alerts, states, rules, digest }: AlertsAnswer, nowMs: number): string {
  const lines = [`${countsText(states)}; ${quantity(rules.length, "rule")} on`];
  if (alerts.length > 0) {
    const head = ["severity", "state", "alert", "value", "for", ""];
    const rows = alerts.map((alert) => rowOf(alert, nowMs));
    lines.push("", ...tableText(head, rows, { left: [0, 1, 2, 5] }));
  }
  if (digest !== null) {
    const times = digest.entries.reduce((sum, entry) => sum + entry.times, digest.more);
    lines.push(
      "",
      `While a backlog was worked off until ${digest.at}, alerts fired and resolved ${times === 1 ? "once" : `${times} times`}: slipstream history alerts`,
    );
  }
  return lines.join("\n");
}

/** "2 alerts firing, 1 pending, 3 without data". */
export function countsText({ firing, pending, no_data: noData }: AlertsAnswer["states"]): string {
  return [
    firing === 0 ? "no alert firing" : `${quantity(firing, "alert")} firing`,
    ...(pending === 0 ? [] : [`${pending} pending`]),
    ...(noData === 0 ? [] : [`${noData} without data`]),
  ].join(", ");
}

/** What was closed. */
export function closedText({ id }: AlertAnswer): string {
  return `Closed ${id}: it fires again only after its condition has been known not to hold`;
}

/** What was acknowledged. */
export function acknowledgedText({ id, acknowledged }: AlertAnswer): string {
  return `Acknowledged ${id} as ${acknowledged?.by ?? "unknown"}: it is not sent again until it resolves or gets more severe`;
}

function rowOf(alert: AlertAnswer, nowMs: number): readonly string[] {
  const { severity, state, id, value, unit } = alert;
  const shown = value === null ? unknown : valueText(value, unit);
  return [severity, stateNames[state], id, shown, ageOf(alert, nowMs), remarksOf(alert).join("; ")];
}
