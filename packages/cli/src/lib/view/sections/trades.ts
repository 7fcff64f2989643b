import type { StatisticValue } from "@slipstream/engine";
import { fixed, percent, span, unknown, whole } from "../format.ts";
import { member, numberOf, statistic, type WithCurrent } from "../snapshot.ts";
import type { Line } from "../style.ts";
import { heading, label } from "./labels.ts";

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
      { text: `  in all: ${total("success")} ok, ${total("failed")} failed`, style: "dim" },
    ],
    share("success", statistic(snapshot, "success_rate"), (value) => value < 90),
    share("slippage ok", statistic(snapshot, "slippage_accuracy"), (value) => value < 90),
    share("node errors", statistic(snapshot, "node_error_rate"), (value) => value > 1),
  ];
}

/** A share with its count and its 95 % interval; an unknown one with its reason. */
function share(name: string, entry: StatisticValue | undefined, bad: (value: number) => boolean): Line {
  const value = typeof entry?.value === "number" ? entry.value : undefined;
  if (value === undefined) return [label(name), unknown.padStart(8), `  ${entry?.reason ?? ""}`];
  const { low, high, count = 0 } = entry ?? {};
  const interval =
    low === undefined || high === undefined ? "" : `  95 %: ${fixed(low, 1)} to ${fixed(high, 1)} %`;
  const shown = percent(value).padStart(8);
  return [
    label(name),
    bad(value) ? { text: shown, style: "warn" } : shown,
    `  of ${whole(count)}`.padEnd(12),
    { text: interval, style: "dim" },
  ];
}
