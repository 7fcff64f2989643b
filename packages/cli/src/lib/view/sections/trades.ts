import { fixed, percent, since, span, unknown, whole } from "../format.ts";
import { labelValues, member, numberOf, statistic, type WithCurrent } from "../snapshot.ts";
import type { Line, Piece } from "../style.ts";
import { cell, isBeyondTarget } from "../targets.ts";
import { failureCounts } from "./failures.ts";
import { heading, label } from "./labels.ts";

const SUCCESS = { status: "success" };

export function tradeLines(snapshot: WithCurrent): Line[] {
  const rate = statistic(snapshot, "trades_per_minute");
  const perMinute = numberOf(snapshot, "trades_per_minute");
  const window = rate?.windowSeconds ?? undefined;
  const recent = window === undefined ? "" : `  ${whole(rate?.count ?? 0)} in ${span(window)}`;
  const total = (status: string): string => {
    const value = member(snapshot, "trades", { status })?.value;
    return typeof value === "number" ? whole(value) : unknown;
  };
  return [
    [
      heading("Trades"),
      (perMinute === undefined ? unknown : `${fixed(perMinute, 1)}/min`).padStart(8),
      perMinute === undefined ? "" : recent.padEnd(12),
      {
        text: `  ${since(member(snapshot, "trades", SUCCESS)?.since, snapshot.current.time)}: ${total("success")} ok, ${total("failed")} failed`,
        style: "dim",
      },
      ...unknownPieces(snapshot),
    ],
    share("success", "success_rate", snapshot),
    ...failureLines(snapshot),
    share("slippage ok", "slippage_accuracy", snapshot),
    share("node errors", "node_error_rate", snapshot),
  ];
}

/** Trades whose status is not known, over all services; nothing if there are none. */
function unknownPieces(snapshot: WithCurrent): Piece[] {
  const counts = labelValues(snapshot, "trades_unknown_status", "service").map((service) =>
    Number(member(snapshot, "trades_unknown_status", { service })?.value ?? 0),
  );
  const unknowns = counts.reduce((sum, count) => sum + count, 0);
  return unknowns === 0 ? [] : [{ text: `, ${whole(unknowns)} of unknown status`, style: "warn" }];
}

/** Why trades failed; no line if none did. */
function failureLines(snapshot: WithCurrent): Line[] {
  const counts = failureCounts(snapshot, "trade_failures");
  if (counts === "") return [];
  const total = since(member(snapshot, "trade_failures", {})?.since, snapshot.current.time);
  return [[label("failed"), { text: `  ${total}: `, style: "dim" }, counts]];
}

/** A share with its count and its 95 % interval; an unknown one with its reason. */
function share(name: string, of: string, snapshot: WithCurrent): Line {
  const entry = statistic(snapshot, of);
  const value = typeof entry?.value === "number" ? entry.value : undefined;
  if (value === undefined) return [label(name), unknown.padStart(8), `  ${entry?.reason ?? ""}`];
  const { count = 0 } = entry ?? {};
  const { low = null, high = null } = entry?.interval ?? {};
  const interval = low === null || high === null ? "" : `  95 %: ${fixed(low, 1)} to ${fixed(high, 1)} %`;
  return [
    label(name),
    cell(percent(value), 8, isBeyondTarget(of, value)),
    `  of ${whole(count)}`.padEnd(12),
    { text: interval, style: "dim" },
  ];
}
