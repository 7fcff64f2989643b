import { spanName } from "@slipstream/conventions";
import type { StatisticValue } from "@slipstream/engine";
import { cut, fixed, milliseconds, span, unknown, whole } from "../format.ts";
import { labelValues, member, type WithCurrent } from "../snapshot.ts";
import type { Line, Piece } from "../style.ts";
import { cell, isSlow, starOf } from "../targets.ts";
import { heading, label } from "./labels.ts";

const quantiles = ["0.5", "0.95", "0.99", "0.999"] as const;
/** These first, then the others by name. */
const firstOperations: readonly string[] = [
  spanName.tradeExecute,
  spanName.solanaRpc,
  spanName.jupiterQuote,
  spanName.jupiterSwap,
  spanName.dbWrite,
];

export function latencyLines(snapshot: WithCurrent, most: number): Line[] {
  const known = labelValues(snapshot, "latency", "operation");
  const operations = [
    ...firstOperations.filter((operation) => known.includes(operation)),
    ...known.filter((operation) => !firstOperations.includes(operation)).sort(),
  ];
  const first = member(snapshot, "latency", { operation: operations[0] ?? "" });
  const window = first?.windowSeconds;
  const head = ["p50", "p95", "p99", "p99.9"].map((text) => text.padStart(10)).join("");
  const shown = operations.slice(0, most);
  const hidden = operations.length - shown.length;
  return [
    [
      heading("Latency"),
      { text: `${typeof window === "number" ? span(window) : ""}`.padEnd(8), style: "dim" },
      { text: `${head}${"count".padStart(9)}${"error".padStart(9)}`, style: "dim" },
    ],
    ...shown.map((operation) => latencyLine(snapshot, operation)),
    ...(operations.length === 0 ? [[label(""), "no spans yet"]] : []),
    ...(hidden > 0
      ? [[label(""), { text: `and ${hidden} more (/api/current)`, style: "dim" } as Piece]]
      : []),
  ];
}

function latencyLine(snapshot: WithCurrent, operation: string): Line {
  const entries = quantiles.map((quantile) => member(snapshot, "latency", { operation, quantile }));
  const cells = entries.flatMap((entry, index): Piece[] => {
    const value = typeof entry?.value === "number" ? entry.value : undefined;
    const beyond = value !== undefined && quantiles[index] === "0.99" && isSlow(operation, value);
    return [cell(milliseconds(value), 9, beyond), starOf(entry)];
  });
  const count = entries[0]?.count ?? 0;
  const errors = entries.flatMap((entry) => relativeError(entry) ?? []);
  const error = errors.length === 0 ? "" : `±${fixed(100 * Math.max(...errors), 2)} %`;
  return [
    { text: cut(operation, 19).padEnd(20), style: "dim" },
    ...cells,
    // No calls in the window is said by a dash too: after a minute without data, what was in it is not known.
    (count === 0 ? unknown : whole(count)).padStart(8),
    { text: error.padStart(10), style: "dim" },
  ];
}

/** How far the exact percentile may be from the shown one, as a share of it. */
function relativeError(entry: StatisticValue | undefined): number | undefined {
  const { value, sketchError } = entry ?? {};
  const { low = null, high = null } = sketchError ?? {};
  if (typeof value !== "number" || low === null || high === null || value === 0) return undefined;
  return Math.max(high - value, value - low) / value;
}
