/**
 * What statistics by label cost, beside all the others: time for a trade and for a call, for /api/current, /metrics and a
 * checkpoint. Both sides take turns in one process:
 * node --conditions=slipstream-source packages/engine/src/lib/testing/label-cost.main.ts [ROUNDS]
 */
import { lamports, microUsd } from "@slipstream/conventions";
import { BOUNDARY_MS, boundaryAtOrAfter } from "../boundaries.ts";
import type { SpanEvent } from "../event.ts";
import { completeOptions } from "../options.ts";
import { createStatistics } from "../statistics/list.ts";
import type { Instant, Statistic } from "../statistics/statistic.ts";

const ROUNDS = Number(process.argv[2] ?? 20);
const EVENTS = 50_000;
const START_MS = Date.UTC(2026, 0, 1);
/** 100 trades a second with 6 calls each. */
const EVENTS_A_SECOND = 700;

const PAIRS = 40;
const pick = (of: string, count: number, i: number): string => `${of} ${i % count}`;
const span = { trace0: 1, trace1: 2, trace2: 3, trace3: 4 };

function event(i: number): SpanEvent {
  const timeMs = START_MS + (i * 1_000) / EVENTS_A_SECOND;
  const service = pick("desk", 3, i >> 3);
  const seconds = 0.01 + ((i * 7_919) % 1_000) / 10_000;
  const base = { timeMs, live: true, inWindow: true, service, seconds, span, kept: true };
  if (i % 7 !== 0) {
    const kind = (["node", "node", "node", "jupiter", "database", "node"] as const)[i % 6] ?? "node";
    const operation = { node: "solana.rpc", jupiter: "jupiter.quote", database: "db.write" }[kind];
    const call = { kind, operation, method: "getSlot", own: true, failed: i % 50 === 0 };
    return { ...base, operation, trade: undefined, call };
  }
  const failed = i % 77 === 0;
  const trade: SpanEvent["trade"] = {
    status: failed ? "failed" : "success",
    failure: failed ? "expired" : undefined,
    side: "buy",
    source: "live",
    seconds,
    confirmSeconds: undefined,
    fill: undefined,
    pnlUsd: (i % 1_000_000) / 1e6,
    pnlMicroUsd: microUsd(i % 1_000_000),
    priorityFeeLamports: lamports(5_000),
    baseFeeLamports: undefined,
    computeUnitLimit: undefined,
    computeUnitPrice: undefined,
    slot: undefined,
    solUsd: undefined,
    slippageToleranceBps: undefined,
    service,
    pair: pick("PAIR", PAIRS, i >> 4),
    strategy: pick("strategy", 5, i >> 5),
    sizeUsd: i % 20_000,
    named: { protection: i % 3 === 0 ? "jito" : null, tipLamports: null },
  };
  return { ...base, operation: "trade.execute", trade, call: undefined };
}

type Movable = { -readonly [Key in keyof SpanEvent]: SpanEvent[Key] };
// Moved on in place, so that no garbage of the measurement is collected in it.
const events: readonly Movable[] = Array.from({ length: EVENTS }, (_, i) => event(i));
const isTrade = ({ trade }: SpanEvent): boolean => trade !== undefined;
const trades = events.filter(isTrade);
const calls = events.filter((each) => !isTrade(each));

interface Side {
  readonly statistics: readonly Statistic[];
  readonly took: Record<"trade" | "call" | "current" | "metrics" | "checkpoint", number[]>;
}

const all = createStatistics(completeOptions({}));
const side = (statistics: readonly Statistic[]): Side => ({
  statistics,
  took: { trade: [], call: [], current: [], metrics: [], checkpoint: [] },
});
const byLabel = ({ name }: Statistic): boolean => name.includes("_by_");
const sides = {
  without: side(all.filter((statistic) => !byLabel(statistic))),
  with: side(createStatistics(completeOptions({}))),
};

function time(into: number[], per: number, run: () => void): void {
  const from = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(from);
  into.push((1_000 * (user + system)) / per);
}

for (let round = 0; round < ROUNDS; round += 1) {
  if (round > 0) for (const each of events) each.timeMs += (EVENTS * 1_000) / EVENTS_A_SECOND;
  const boundaryMs = boundaryAtOrAfter(events.at(-1)?.timeMs ?? 0) - BOUNDARY_MS;
  const instant: Instant = {
    boundaryMs,
    coveredMs: boundaryMs,
    newest: true,
    receivedMs: boundaryMs,
    live: true,
    liveSinceMs: undefined,
  };
  for (const { statistics, took } of Object.values(sides)) {
    const of = (kind: "trade" | "node" | "jupiter" | "database") =>
      statistics.filter(({ observe, kinds }) => observe && kinds?.includes(kind) !== false);
    const forTrades = of("trade");
    time(took.trade, trades.length, () => {
      for (const each of trades) for (const statistic of forTrades) statistic.observe?.(each);
    });
    const forCalls = { node: of("node"), jupiter: of("jupiter"), database: of("database") };
    time(took.call, calls.length, () => {
      for (const each of calls)
        if (each.call !== undefined)
          for (const statistic of forCalls[each.call.kind]) statistic.observe?.(each);
    });
    for (const statistic of statistics) statistic.advance?.(boundaryMs);
    time(took.current, 1e6, () => {
      for (const statistic of statistics) statistic.read(instant);
    });
    time(took.metrics, 1e6, () => {
      for (const statistic of statistics) statistic.collect(instant);
    });
    time(took.checkpoint, 1e6, () => {
      for (const statistic of statistics) statistic.save();
    });
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const units = { trade: "ns", call: "ns", current: "ms", metrics: "ms", checkpoint: "ms" } as const;
for (const [what, unit] of Object.entries(units) as [keyof typeof units, string][]) {
  const [less, more] = [median(sides.without.took[what]), median(sides.with.took[what])];
  process.stdout.write(
    `${what.padEnd(12)}${less.toFixed(2).padStart(10)} ${unit} without, ${more.toFixed(2).padStart(10)} ${unit} with, ` +
      `${(more - less).toFixed(2)} ${unit} more\n`,
  );
}
