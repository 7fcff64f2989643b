import { PerformanceMonitor } from "../../index.ts";

// Imports the monitor and, given options, starts and stops one.
const [options] = process.argv.slice(2);
if (options !== undefined) {
  const monitor = new PerformanceMonitor(JSON.parse(options));
  await monitor.startMonitoring();
  await monitor.stop();
}
