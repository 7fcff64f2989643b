import { limits } from "./limits.ts";

/**
 * Metrics that a trading service emits. The aggregator computes the same metrics from the same spans and
 * exposes them under its own `job`.
 */
export const serviceMetrics = {
  tradeExecutionLatency: {
    name: "trade_execution_latency_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "Time from the decision to trade until the network accepts the transaction.",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1],
  },
  solanaNodeLatency: {
    name: "solana_node_latency_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "Latency of Solana JSON-RPC calls, including failed calls.",
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.2],
  },
  jupiterApiLatency: {
    name: "jupiter_api_latency_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "Latency of Jupiter API calls, including failed calls.",
    buckets: [0.01, 0.05, 0.1, 0.2, 0.5],
  },
  databaseWriteLatency: {
    name: "database_write_latency_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "Latency of database writes, including failed writes.",
    buckets: [0.001, 0.005, 0.01, 0.05],
  },
  trades: {
    name: "trades_total",
    kind: "counter",
    unit: "trades",
    help: "Trades by outcome. Failed: rejected, reverted, or the blockhash expired.",
    labels: { status: ["success", "failed"] },
  },
  slippageError: {
    name: "slippage_error_ratio",
    kind: "histogram",
    unit: "ratio",
    help: "Difference between a trade's output and its quote, in either direction: abs(actual - quoted) / quoted.",
    buckets: [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  },
  priorityFeesPaid: {
    name: "priority_fees_paid",
    kind: "counter",
    fixed: true,
    unit: "lamports",
    help: "Priority fees paid, in lamports, without the base fee.",
  },
  circuitBreakerState: {
    name: "circuit_breaker_state",
    kind: "gauge",
    unit: "state",
    range: [0, 2],
    whole: true,
    help: "State of the circuit breaker: 0 closed, 1 open, 2 half-open.",
  },
  activeConnections: {
    name: "active_connections",
    kind: "gauge",
    unit: "connections",
    range: [0, limits.connections as number],
    help: "Open connections to a data store.",
    labels: { type: ["questdb", "postgres", "redis"] },
  },
  memoryUsage: {
    name: "memory_usage_bytes",
    kind: "gauge",
    unit: "bytes",
    range: [0, limits.memoryBytes as number],
    help: "Resident memory of the process.",
  },
  cpuUsage: {
    name: "cpu_usage_percent",
    kind: "gauge",
    unit: "percent",
    range: [0, limits.cpuPercent as number],
    help: "CPU time of the process since the last reading, as a percentage of one core.",
  },
  memoryLimit: {
    name: "slipstream_memory_limit_bytes",
    kind: "gauge",
    unit: "bytes",
    range: [0, limits.memoryBytes as number],
    help: "Memory available to the process: the cgroup limit, or the machine's memory if there is none.",
  },
  openPositions: {
    name: "slipstream_open_positions",
    kind: "gauge",
    unit: "positions",
    range: [0, limits.positions as number],
    help: "Positions that the service holds open.",
  },
  processUp: {
    name: "slipstream_process_up",
    kind: "gauge",
    unit: "state",
    range: [0, 1],
    whole: true,
    help: "1 while the process runs, 0 in the last metrics that it sends: what else it reported is gone then.",
  },
  dependencyUp: {
    name: "slipstream_dependency_up",
    kind: "gauge",
    unit: "state",
    range: [0, 1],
    whole: true,
    help: "1 if the service can reach the data store, else 0.",
    labels: { type: ["questdb", "postgres", "redis"] },
  },
} as const;

export type ServiceMetricKey = keyof typeof serviceMetrics;
