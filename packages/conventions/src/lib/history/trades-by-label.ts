/** One row per minute and value of a label. */
export const tradesByLabelTable = {
  name: "trades_by_label",
  help: "Trades by service, pair, strategy, size, protection and landing service: of each label, one row for each value that traded in the minute. Values beyond the limit are `other`, so that the sum over a label is that of all trades. A row is written when its minute ends, and replaced if late spans change it. Trades from recorded blocks are not in it.",
  partition: "DAY",
  keepDays: 365,
  columns: [
    { name: "timestamp", type: "time", key: true, help: "Start of the minute." },
    {
      name: "label",
      type: "symbol",
      key: true,
      help: "service, pair, strategy, size, protection or landing_service.",
    },
    { name: "value", type: "symbol", key: true, help: "Value of the label, as in `/api/current`." },
    { name: "trades", type: "int", help: "Trades in the minute." },
    { name: "failed", type: "int", help: "Those of them that failed." },
    {
      name: "pnl_usd",
      type: "double",
      unit: "USD",
      help: "Sum of the profit and loss; null if no trade told it.",
    },
    { name: "p50_ms", type: "double", unit: "ms", help: "50th percentile of the latency." },
    { name: "p50_error_ms", type: "double", unit: "ms", help: "Maximum distance to the exact percentile." },
    { name: "p95_ms", type: "double", unit: "ms", help: "95th percentile." },
    { name: "p95_error_ms", type: "double", unit: "ms", help: "Maximum distance to the exact percentile." },
    {
      name: "p99_ms",
      type: "double",
      unit: "ms",
      help: "99th percentile; the largest value if there are fewer than 100 trades.",
    },
    { name: "p99_error_ms", type: "double", unit: "ms", help: "Maximum distance to the exact percentile." },
    {
      name: "p999_ms",
      type: "double",
      unit: "ms",
      help: "99.9th percentile; the largest value if there are fewer than 1,000 trades.",
    },
    { name: "p999_error_ms", type: "double", unit: "ms", help: "Maximum distance to the exact percentile." },
    { name: "max_ms", type: "double", unit: "ms", help: "The largest latency, exact." },
  ],
} as const;
