import type { TradeLabel } from "@slipstream/conventions";
import { cut, dollars, milliseconds, percent, since, span, unknown, whole } from "../format.ts";
import { labelValues, member, type WithCurrent } from "../snapshot.ts";
import type { Line, Piece } from "../style.ts";
import { cell, isBeyondTarget, starOf } from "../targets.ts";
import { failureCounts } from "./failures.ts";
import { heading, label } from "./labels.ts";

/**
 * Trades by the values of a label, those with the most trades first and `other` last: on the left what counts since the
 * log began, on the right the last minutes.
 */
export function groupLines(snapshot: WithCurrent, by: TradeLabel, most: number): Line[] {
  const values = labelValues(snapshot, `trades_by_${by}`, by);
  if (most === 0 || values.length === 0) return [];
  const rows = values.map((value) => rowOf(snapshot, by, value));
  rows.sort((a, b) => Number(a.value === "other") - Number(b.value === "other") || b.trades - a.trades);
  const own = { [by]: values[0] ?? "" };
  const total = since(member(snapshot, `trades_by_${by}`, own)?.since, snapshot.current.time);
  const seconds = member(snapshot, `success_rate_by_${by}`, own)?.windowSeconds;
  const window = typeof seconds === "number" ? `last ${span(seconds)}` : "";
  const title = [heading(`By ${by.replace("_service", "").replaceAll("_", " ")}`), " ".repeat(16)];
  const hidden = rows.length - most;
  return [
    [...title, { text: `${total.padStart(21)}${window.padStart(29)}`, style: "dim" }],
    [
      label(""),
      {
        text: `${" ".repeat(16)}${["trades", "PnL"].map(head).join("")} ${["success", "p50", "p99"].map(head).join("")}`,
        style: "dim",
      },
    ],
    ...rows.slice(0, most).map(({ line }) => line),
    ...(hidden > 0
      ? [[label(""), { text: `and ${hidden} more (/api/current)`, style: "dim" } as Piece]]
      : []),
  ];
}

const head = (text: string): string => text.padStart(10);

interface Row {
  readonly value: string;
  readonly trades: number;
  readonly line: Line;
}

function rowOf(snapshot: WithCurrent, by: TradeLabel, value: string): Row {
  const own = { [by]: value };
  const number = (name: string, more = {}): number | undefined => {
    const found = member(snapshot, `${name}_by_${by}`, { ...own, ...more })?.value;
    return typeof found === "number" ? found : undefined;
  };
  const trades =
    (number("trades", { status: "success" }) ?? 0) + (number("trades", { status: "failed" }) ?? 0);
  const success = number("success_rate");
  const latency = (quantile: string): Piece[] => {
    const entry = member(snapshot, `trade_latency_by_${by}`, { ...own, quantile });
    return [milliseconds(number("trade_latency", { quantile })).padStart(9), starOf(entry)];
  };
  const pnl = number("pnl_usd");
  return {
    value,
    trades,
    line: [
      label(""),
      cut(value, 15).padEnd(16),
      whole(trades).padStart(10),
      pnl === undefined
        ? unknown.padStart(10)
        : { text: dollars(pnl).padStart(10), style: pnl < 0 ? "bad" : "good" },
      " ",
      cell(percent(success), 10, success !== undefined && isBeyondTarget("success_rate", success)),
      " ",
      ...latency("0.5"),
      ...latency("0.99"),
      { text: failures(snapshot, by, value), style: "dim" },
    ],
  };
}

/** Why its trades failed, if the label tells that apart; beyond what 80 columns hold. */
function failures(snapshot: WithCurrent, by: TradeLabel, value: string): string {
  const found = failureCounts(snapshot, `trade_failures_by_${by}`, { [by]: value });
  return found === "" ? "" : `   failed: ${found}`;
}
