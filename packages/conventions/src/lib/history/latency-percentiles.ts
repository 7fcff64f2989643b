/** A row for each minute and operation. */
export const latencyPercentilesTable = {
  name: "latency_percentiles",
  help: "Percentiles by nearest rank, each with its error: a row when the minute is over, replaced where late spans amend it.",
  partition: "DAY",
  keepDays: 365,
  columns: [
    { name: "timestamp", type: "time", key: true, help: "Beginning of the minute." },
    { name: "operation", type: "symbol", key: true, help: "Name of the operation, as in `/api/current`." },
    { name: "count", type: "int", help: "Calls in the minute." },
    { name: "p50_ms", type: "double", unit: "ms", help: "50th percentile." },
    {
      name: "p50_error_ms",
      type: "double",
      unit: "ms",
      help: "The exact one is no further from it than this.",
    },
    { name: "p95_ms", type: "double", unit: "ms", help: "95th percentile." },
    {
      name: "p95_error_ms",
      type: "double",
      unit: "ms",
      help: "The exact one is no further from it than this.",
    },
    { name: "p99_ms", type: "double", unit: "ms", help: "99th percentile; below 100 calls the largest." },
    {
      name: "p99_error_ms",
      type: "double",
      unit: "ms",
      help: "The exact one is no further from it than this.",
    },
    {
      name: "p999_ms",
      type: "double",
      unit: "ms",
      help: "99.9th percentile; below 1,000 calls the largest.",
    },
    {
      name: "p999_error_ms",
      type: "double",
      unit: "ms",
      help: "The exact one is no further from it than this.",
    },
    { name: "max_ms", type: "double", unit: "ms", help: "The largest, exactly." },
  ],
} as const;
