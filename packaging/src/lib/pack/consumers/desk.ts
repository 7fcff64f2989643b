import { PerformanceMonitor } from "@slipstream/monitor";

/** A service with the engine inside it: nine of ten trades succeed, and it prints the rate once it is known. */
async function main(): Promise<void> {
  const monitor = new PerformanceMonitor({ serviceName: "desk" });
  await monitor.startMonitoring();
  for (let trade = 0; trade < 10; trade += 1) monitor.recordTradeExecution(performance.now(), trade > 0);
  const asked = setInterval(() => {
    const { successRate } = monitor.getCurrentMetrics();
    if (successRate === null) return;
    console.log(`success rate ${successRate}`);
    clearInterval(asked);
    void monitor.stop();
  }, 50);
}

void main();
