export type { TradeDetails } from "@slipstream/telemetry";
export { defineConfig, type LogLevel, type SlipstreamConfig } from "./lib/config/config.ts";
export { ConfigError } from "./lib/config/config-error.ts";
export type { CurrentMetrics } from "./lib/monitor/current-metrics.ts";
export type { MonitorLogger } from "./lib/monitor/logger.ts";
export type { PerformanceMonitorOptions } from "./lib/monitor/monitor-options.ts";
export { PerformanceMonitor } from "./lib/monitor/performance-monitor.ts";
