import { PerformanceMonitor } from "../performance-monitor.ts";

/** A service that never stops its monitor: it must end by itself all the same. */
const [options = "{}"] = process.argv.slice(2);
const monitor = new PerformanceMonitor(JSON.parse(options));
await monitor.startMonitoring();
monitor.recordTradeExecution(performance.now(), true);
await monitor.latencyTracker.track("solana.rpc", async () => "answer");
console.log("done");
