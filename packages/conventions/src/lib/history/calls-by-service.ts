/** One row per minute, kind of call and service. */
export const callsByServiceTable = {
  name: "calls_by_service",
  help: "Calls of the Solana node, of Jupiter and of databases by service: one row for each service that called in the minute. Services beyond the limit are `other`, so that the sum is that of all calls. A row is written when its minute ends (or the `PerformanceMonitor` stops), and replaced if late spans change it.",
  partition: "DAY",
  keepDays: 365,
  columns: [
    { name: "timestamp", type: "time", key: true, help: "Start of the minute." },
    {
      name: "kind",
      type: "symbol",
      key: true,
      help: "node (Solana JSON-RPC, the methods that the option nodeMethods selects), jupiter or database (writes).",
    },
    { name: "service", type: "symbol", key: true, help: "`service.name`, as in `/api/current`." },
    { name: "calls", type: "int", help: "Calls in the minute." },
    {
      name: "seconds",
      type: "int",
      unit: "s",
      help: "How much of the minute was counted: 60, or less if a `PerformanceMonitor` started or stopped within it. If it did both, the row has what the last one counted. null in rows of older versions.",
    },
    { name: "failed", type: "int", help: "Those of them that failed." },
    { name: "p50_ms", type: "double", unit: "ms", help: "50th percentile of the latency." },
    { name: "p50_error_ms", type: "double", unit: "ms", help: "Maximum distance to the exact percentile." },
    { name: "p95_ms", type: "double", unit: "ms", help: "95th percentile." },
    { name: "p95_error_ms", type: "double", unit: "ms", help: "Maximum distance to the exact percentile." },
    {
      name: "p99_ms",
      type: "double",
      unit: "ms",
      help: "99th percentile; the largest value if there are fewer than 100 calls.",
    },
    { name: "p99_error_ms", type: "double", unit: "ms", help: "Maximum distance to the exact percentile." },
    {
      name: "p999_ms",
      type: "double",
      unit: "ms",
      help: "99.9th percentile; the largest value if there are fewer than 1,000 calls.",
    },
    { name: "p999_error_ms", type: "double", unit: "ms", help: "Maximum distance to the exact percentile." },
    { name: "max_ms", type: "double", unit: "ms", help: "The largest latency, exact." },
  ],
} as const;
