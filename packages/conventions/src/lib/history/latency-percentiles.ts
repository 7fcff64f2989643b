/** One row per minute and operation. */
export const latencyPercentilesTable = {
  name: "latency_percentiles",
  help: "Percentiles by nearest rank, each with its error. A row is written when its minute ends (or the `PerformanceMonitor` stops), and replaced if late spans change it.",
  partition: "DAY",
  keepDays: 365,
  columns: [
    { name: "timestamp", type: "time", key: true, help: "Start of the minute." },
    { name: "operation", type: "symbol", key: true, help: "Name of the operation, as in `/api/current`." },
    { name: "count", type: "int", help: "Calls in the minute." },
    {
      name: "seconds",
      type: "int",
      unit: "s",
      help: "How much of the minute was counted: 60, or less if a `PerformanceMonitor` started or stopped within it. If it did both, the row has what the last one counted. null in rows of older versions.",
    },
    { name: "p50_ms", type: "double", unit: "ms", help: "50th percentile." },
    {
      name: "p50_error_ms",
      type: "double",
      unit: "ms",
      help: "Maximum distance to the exact percentile.",
    },
    { name: "p95_ms", type: "double", unit: "ms", help: "95th percentile." },
    {
      name: "p95_error_ms",
      type: "double",
      unit: "ms",
      help: "Maximum distance to the exact percentile.",
    },
    {
      name: "p99_ms",
      type: "double",
      unit: "ms",
      help: "99th percentile; the largest value if there are fewer than 100 calls.",
    },
    {
      name: "p99_error_ms",
      type: "double",
      unit: "ms",
      help: "Maximum distance to the exact percentile.",
    },
    {
      name: "p999_ms",
      type: "double",
      unit: "ms",
      help: "99.9th percentile; the largest value if there are fewer than 1,000 calls.",
    },
    {
      name: "p999_error_ms",
      type: "double",
      unit: "ms",
      help: "Maximum distance to the exact percentile.",
    },
    { name: "max_ms", type: "double", unit: "ms", help: "The largest value, exact." },
    {
      name: "desk",
      type: "symbol",
      key: true,
      added: true,
      help: "Desk whose data it is (`slipstream.desk`); empty for the desk that the aggregator is configured for. In QuestDB null instead of empty.",
    },
  ],
} as const;
