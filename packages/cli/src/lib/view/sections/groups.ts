import type { TradeLabel } from "@slipstream/conventions";
import { cut, dollars, milliseconds, percent, unknown, whole } from "../format.ts";
import { labelValues, member, type WithCurrent } from "../snapshot.ts";
import type { Line, Piece } from "../style.ts";
import { cell, isBeyondTarget } from "../targets.ts";
import { heading, label } from "./labels.ts";

/** Trades by the values of a label, those with the most trades first and `other` last. */
export function groupLines(snapshot: WithCurrent, by: TradeLabel, most: number): Line[] {
  const values = labelValues(snapshot, `trades_by_${by}`, by);
  if (most === 0 || values.length === 0) return [];
  const rows = values.map((value) => rowOf(snapshot, by, value));
  rows.sort((a, b) => Number(a.value === "other") - Number(b.value === "other") || b.trades - a.trades);
  const head = ["trades", "success", "p50", "p99", "PnL"].map((text) => text.padStart(10)).join("");
  const hidden = rows.length - most;
  return [
    [heading("By"), { text: `${cut(by.replace("_", " "), 15).padEnd(16)}${head}`, style: "dim" }],
    ...rows.slice(0, most).map(({ line }) => line),
    ...(hidden > 0
      ? [[label(""), { text: `and ${hidden} more (/api/current)`, style: "dim" } as Piece]]
      : []),
  ];
}

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
  const latency = (quantile: string): string =>
    milliseconds(number("trade_latency", { quantile })).padStart(10);
  const pnl = number("pnl_usd");
  return {
    value,
    trades,
    line: [
      label(""),
      cut(value, 15).padEnd(16),
      whole(trades).padStart(10),
      cell(percent(success), 10, success !== undefined && isBeyondTarget("success_rate", success)),
      latency("0.5"),
      latency("0.99"),
      pnl === undefined
        ? unknown.padStart(10)
        : { text: dollars(pnl).padStart(10), style: pnl < 0 ? "bad" : "good" },
    ],
  };
}
