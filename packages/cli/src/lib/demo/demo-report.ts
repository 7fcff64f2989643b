import { quantity } from "@slipstream/conventions";
import type { Summary } from "@slipstream/simulator";
import { lostSpans } from "../simulate/simulation-text.ts";
import { dollars, whole } from "../view/format.ts";
import type { Counted } from "./counted.ts";
import { type FiredAlert, firedAlertsText } from "./fired-alerts.ts";

/** Whether the aggregator counted exactly what the desk did. */
export function agrees(desk: Summary, counted: Counted): boolean {
  const truth = ofDesk(desk);
  return (Object.keys(truth) as (keyof Counted)[]).every((key) => truth[key] === counted[key]);
}

/** The end of a demo, for people. */
export function demoReport(desk: Summary, counted: Counted, alerts: readonly FiredAlert[]): string {
  const head = ["trades", "ok", "failed"].map((text) => text.padStart(8)).join("");
  return [
    `${"".padEnd(22)}${head}${"priority lamports".padStart(18)}${"PnL".padStart(13)}`,
    row("The desk made", ofDesk(desk)),
    row("The aggregator counted", counted),
    agrees(desk, counted) ? "They agree." : `They do not agree: ${whatWasLost(desk)}.`,
    firedAlertsText(alerts),
  ].join("\n");
}

function row(who: string, { success, failed, priorityFeesLamports, pnlMicroUsd }: Counted): string {
  const trades = [success + failed, success, failed].map((count) => whole(count).padStart(8)).join("");
  return `${who.padEnd(22)}${trades}${whole(priorityFeesLamports).padStart(18)}${dollars(pnlMicroUsd / 1e6).padStart(13)}`;
}

function whatWasLost(summary: Summary): string {
  return `${quantity(lostSpans(summary), "span")} did not arrive (${summary.telemetry.lastError ?? "no error was told"})`;
}

function ofDesk({ success, failed, priorityFeesLamports, pnlUsd }: Summary): Counted {
  return { success, failed, priorityFeesLamports, pnlMicroUsd: Math.round(pnlUsd * 1e6) };
}
