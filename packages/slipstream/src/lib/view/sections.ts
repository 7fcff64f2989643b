import type { StatisticValue } from "@slipstream/aggregator";
import { spanName } from "@slipstream/conventions";
import { clock, cut, dollars, fixed, milliseconds, percent, span, unknown, whole } from "./format.ts";
import { labelValues, member, numberOf, type Snapshot, statistic } from "./snapshot.ts";
import type { Line, Piece } from "./style.ts";

const label = (text: string): Piece => ({ text: text.padEnd(12), style: "dim" });
const heading = (text: string): Piece => ({ text: text.padEnd(12), style: "bold" });

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

export function tradeLines(snapshot: Snapshot): Line[] {
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

const quantiles = ["0.5", "0.95", "0.99", "0.999"] as const;
/** These first, then the others by name. */
const firstOperations: readonly string[] = [
  spanName.tradeExecute,
  spanName.solanaRpc,
  spanName.jupiterQuote,
  spanName.jupiterSwap,
  spanName.dbWrite,
];

export function latencyLines(snapshot: Snapshot, most: number): Line[] {
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

function latencyLine(snapshot: Snapshot, operation: string): Line {
  const entries = quantiles.map((quantile) => member(snapshot, "latency", { operation, quantile }));
  const cells = entries.map((entry): Piece => {
    const value = typeof entry?.value === "number" ? entry.value : undefined;
    // Few samples: the percentile is the largest one seen, and a star says so.
    const star = entry?.reason === undefined || value === undefined ? " " : "*";
    return `${milliseconds(value).padStart(9)}${star}`;
  });
  const count = entries[0]?.count ?? 0;
  const errors = entries.flatMap((entry) => relativeError(entry) ?? []);
  const error = errors.length === 0 ? "" : `±${fixed(100 * Math.max(...errors), 2)} %`;
  return [
    { text: cut(operation, 19).padEnd(20), style: "dim" },
    ...cells,
    whole(count).padStart(8),
    { text: error.padStart(10), style: "dim" },
  ];
}

/** How far the exact percentile may be from the shown one, as a share of it. */
function relativeError(entry: StatisticValue | undefined): number | undefined {
  const { value, low, high } = entry ?? {};
  if (typeof value !== "number" || low === undefined || high === undefined || value === 0) return undefined;
  return Math.max(high - value, value - low) / value;
}

export function moneyLines(snapshot: Snapshot): Line[] {
  const pnl = numberOf(snapshot, "total_pnl_usd");
  const ofCapital = statistic(snapshot, "total_pnl");
  const fees = statistic(snapshot, "priority_fees_lamports");
  const lamports = typeof fees?.value === "number" ? fees.value : undefined;
  const mev = statistic(snapshot, "mev_avoidance_rate");
  const capital =
    typeof ofCapital?.value === "number"
      ? `${percent(ofCapital.value, 3)} of the capital`
      : (ofCapital?.reason ?? "");
  const slippage = [numberOf(snapshot, "slippage_p50"), numberOf(snapshot, "slippage_p99")];
  return [
    [
      heading("Money"),
      pnl === undefined
        ? unknown.padStart(8)
        : { text: dollars(pnl).padStart(8), style: pnl < 0 ? "bad" : "good" },
      `  PnL of ${whole(statistic(snapshot, "total_pnl_usd")?.count ?? 0)} trades`,
      { text: capital === "" ? "" : `  ${capital}`, style: "dim" },
    ],
    [
      label("fees"),
      lamports === undefined
        ? `${unknown.padStart(8)}  ${fees?.reason ?? ""}`
        : `${fixed(lamports / 1e9, 6)} SOL of priority fees, ${whole(lamports)} lamports, ${whole(fees?.count ?? 0)} trades`,
    ],
    [
      label("slippage"),
      slippage.every((value) => value === undefined)
        ? unknown.padStart(8)
        : `p50 ${bps(slippage[0])}, p99 ${bps(slippage[1])} off the quote`,
      ...(mev === undefined ? [] : [mevPiece(mev)]),
    ],
  ];
}

function mevPiece(mev: StatisticValue): Piece {
  return typeof mev.value === "number"
    ? `   MEV avoided ${percent(mev.value)} of ${whole(mev.count)} attacks`
    : { text: `   MEV: ${mev.reason ?? "unknown"}`, style: "dim" };
}

function bps(value: number | undefined): string {
  return value === undefined ? unknown : `${fixed(value, 1)} bps`;
}

export function healthLines(snapshot: Snapshot, most: number): Line[] {
  const { services } = snapshot.current;
  const names = Object.keys(services).sort();
  const shown = names.slice(0, most);
  const hidden = names.length - shown.length;
  const numbers = ["spans", "repeated", "late", "refused", "complete"]
    .map((text) => text.padStart(10))
    .join("");
  return [
    [heading("Health"), ...breaker(snapshot)],
    [{ text: `${"service".padEnd(26)}${numbers}`, style: "dim" }],
    ...shown.map((name): Line => serviceLine(snapshot, name)),
    ...(names.length === 0 ? [["no service was heard of"]] : []),
    ...(hidden > 0 ? [[{ text: `and ${hidden} more (/api/current)`, style: "dim" } as Piece]] : []),
    [label("sinks"), ...sinkPieces(snapshot)],
  ];
}

function breaker(snapshot: Snapshot): Piece[] {
  const state = statistic(snapshot, "circuit_breaker_state")?.value;
  const positions = numberOf(snapshot, "active_positions");
  return [
    "breaker ",
    state === "closed"
      ? { text: "closed", style: "good" }
      : { text: String(state ?? "unknown").replace("_", "-"), style: state === null ? "dim" : "bad" },
    positions === undefined ? ", open positions unknown" : `, ${whole(positions)} open positions`,
  ];
}

function serviceLine({ current }: Snapshot, name: string): Line {
  const counts = current.services[name];
  if (counts === undefined) return [name];
  const { received, duplicate, late, refused, completeness } = counts;
  const complete = completeness === null ? unknown : percent(100 * completeness, 2);
  return [
    cut(name, 25).padEnd(26),
    whole(received).padStart(10),
    whole(duplicate).padStart(10),
    whole(late).padStart(10),
    { text: whole(refused).padStart(10), style: refused > 0 ? "warn" : "dim" },
    { text: complete.padStart(10), style: completeness !== null && completeness < 1 ? "warn" : "good" },
  ];
}

function sinkPieces({ readiness }: Snapshot): Piece[] {
  const log: Piece[] = readiness.log.ok
    ? ["log ", { text: "ok", style: "good" }]
    : [{ text: `log takes nothing: ${readiness.log.reason ?? "unknown reason"}`, style: "bad" }];
  const sinks = Object.entries(readiness.sinks).flatMap(([name, { up, queueItems, dropped }]): Piece[] => [
    `   ${name} `,
    up === null ? "waiting" : up ? { text: "up", style: "good" } : { text: "DOWN", style: "bad" },
    up === false && queueItems > 0 ? `, ${whole(queueItems)} waiting` : "",
    dropped > 0 ? { text: `, ${whole(dropped)} dropped`, style: "warn" } : "",
  ]);
  return [...log, ...sinks];
}

/** What happened lately, newest last. */
export function eventLines(
  events: readonly { readonly timeMs: number; readonly text: string }[],
  most: number,
): Line[] {
  return events.slice(-most).map(({ timeMs, text }) => [{ text: `${clock(timeMs)}  `, style: "dim" }, text]);
}
