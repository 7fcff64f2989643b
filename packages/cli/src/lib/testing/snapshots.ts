import type { CurrentStatistics, StatisticValue } from "@slipstream/engine";
import type { Snapshot } from "../view/snapshot.ts";

export const known = (value: number | string, over: Partial<StatisticValue> = {}): StatisticValue => ({
  value,
  unit: "",
  count: 42,
  windowSeconds: 60,
  ...over,
});
export const notKnown = (reason: string): StatisticValue => ({
  value: null,
  unit: "",
  count: 0,
  windowSeconds: 60,
  reason,
});

const operations = [
  "trade.execute",
  "solana.rpc",
  "jupiter.quote",
  "jupiter.swap",
  "db.write",
  "solana.simulate",
  "solana.sign",
  "a.very.long.name.of.an.operation",
];

const latency = operations.flatMap((operation, index) =>
  ["0.5", "0.95", "0.99", "0.999"].map((quantile, rank) => ({
    ...known(10 ** rank * (index + 1), {
      sketchError: {
        low: 10 ** rank * (index + 1),
        high: 10 ** rank * (index + 1) * 1.002,
        kind: "sketch",
      },
      windowSeconds: 300,
      ...(quantile === "0.999" ? { reason: "few samples" } : {}),
    }),
    labels: { operation, quantile },
  })),
);

const statistics: CurrentStatistics["statistics"] = {
  trades: {
    series: [
      { ...known(1_234_567), labels: { status: "success" } },
      { ...known(12), labels: { status: "failed" } },
    ],
  },
  trades_by_pair: {
    series: ["other", "BONK/SOL", "SOL/USDC"].flatMap((pair, i) => [
      { ...known(1_000 * (i + 1)), labels: { pair, status: "success" } },
      { ...known(i), labels: { pair, status: "failed" } },
    ]),
  },
  success_rate_by_pair: {
    series: [
      { ...known(88), labels: { pair: "BONK/SOL" } },
      { ...known(99.5, { windowSeconds: 300 }), labels: { pair: "SOL/USDC" } },
      { ...notKnown("no such trades"), windowSeconds: 300, labels: { pair: "other" } },
    ],
  },
  trade_latency_by_pair: {
    series: [{ ...known(41.5, { reason: "few samples" }), labels: { pair: "SOL/USDC", quantile: "0.99" } }],
  },
  trade_failures_by_pair: { series: [{ ...known(2), labels: { pair: "BONK/SOL", reason: "expired" } }] },
  trades_by_service: { series: [{ ...known(7), labels: { service: "trading-desk", status: "success" } }] },
  node_latency_by_service: {
    series: [
      {
        ...known(245, { windowSeconds: 300, reason: "few samples" }),
        labels: { service: "trading-desk", quantile: "0.99" },
      },
    ],
  },
  database_latency_by_service: {
    series: [{ ...known(9, { windowSeconds: 300 }), labels: { service: "trading-desk", quantile: "0.99" } }],
  },
  node_error_rate_by_service: { series: [{ ...known(2.5), labels: { service: "trading-desk" } }] },
  pnl_usd_by_pair: { series: [{ ...known(-12.5), labels: { pair: "SOL/USDC" } }] },
  trade_failures: {
    series: [
      { ...known(2), labels: { reason: "expired" } },
      { ...known(0), labels: { reason: "reverted" } },
      { ...known(10), labels: { reason: "insufficient_funds" } },
    ],
  },
  dependency_up: {
    series: [
      { ...known("up"), labels: { type: "questdb" } },
      { ...notKnown("not said"), labels: { type: "postgres" } },
      { ...known("down"), labels: { type: "redis" } },
    ],
  },
  active_connections: {
    series: [
      { ...known(4), labels: { type: "questdb" } },
      { ...notKnown("not said"), labels: { type: "postgres" } },
      { ...notKnown("not said"), labels: { type: "redis" } },
    ],
  },
  trades_per_minute: known(128.53),
  success_rate: known(99.5, { interval: { low: 98.1, high: 99.9, kind: "wilson95" } }),
  slippage_accuracy: notKnown("no trades with a quoted and an actual output in the last 60 s"),
  node_error_rate: known(2.5, { interval: { low: 1, high: 4, kind: "wilson95" } }),
  slippage_p50: known(3.5),
  slippage_p99: known(35.7),
  latency: { series: latency },
  total_pnl_usd: known(-1_234.5, { windowSeconds: null }),
  total_pnl: known(-1.2345, { windowSeconds: null }),
  priority_fees_lamports: known(1_124_178, { windowSeconds: null }),
  mev_avoidance_rate: notKnown("no MEV verdicts yet"),
  circuit_breaker_state: known("half_open"),
  active_positions: known(3),
};

/** A snapshot as a busy desk gives it. */
export function busySnapshot(): Snapshot {
  const service = { received: 123_456, duplicate: 1, late: 2, refused: 3 };
  const gaps = [{ instance: "a-1", from: 5_012, to: 5_021, since: "2026-01-02T03:01:00.000Z" }];
  const numbered = { completeness: 0.9999, ended: 123_468, missing: 12, gaps };
  const reason = "its spans carry no slipstream.seq";
  return {
    current: {
      time: "2026-01-02T03:04:05.000Z",
      statistics,
      services: {
        "trading-desk": { ...service, ...numbered },
        other: { ...service, completeness: null, ended: null, missing: null, reason },
      },
    },
    readiness: {
      ready: true,
      log: { ok: true },
      sinks: {
        embedded: { up: true, queueItems: 0, dropped: 0 },
        redis: { up: false, queueItems: 14, dropped: 2, lastError: "ECONNREFUSED" },
      },
    },
    alerts: undefined,
    takenMs: Date.parse("2026-01-02T03:04:06Z"),
  };
}

/** A snapshot of an aggregator that has heard of nothing. */
export function emptySnapshot(): Snapshot {
  return {
    current: { time: null, statistics: {}, services: {} },
    readiness: {
      ready: true,
      log: { ok: true },
      sinks: { embedded: { up: null, queueItems: 0, dropped: 0 } },
    },
    alerts: undefined,
    takenMs: 0,
  };
}
