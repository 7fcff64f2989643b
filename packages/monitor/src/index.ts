import "@slipstream/conventions/needs-node-24";

export { ConfigError } from "@slipstream/config";
export type { TradeDetails } from "@slipstream/telemetry";
export type { CurrentMetrics } from "./lib/current-metrics.ts";
export type { MonitorLogger } from "./lib/logger.ts";
export type { PerformanceMonitorOptions } from "./lib/monitor-options.ts";
export { PerformanceMonitor } from "./lib/performance-monitor.ts";
