import { registerHooks } from "node:module";

// Prints what is loaded by importing the monitor and, given options, by starting and stopping one: a URL a line.
const urls: string[] = [];
registerHooks({
  load(url, context, next) {
    urls.push(url);
    return next(url, context);
  },
});
const [options] = process.argv.slice(2);
const { PerformanceMonitor } = await import("../../index.ts");
if (options !== undefined) {
  const monitor = new PerformanceMonitor(JSON.parse(options));
  await monitor.startMonitoring();
  await monitor.stop();
}
console.log(urls.join("\n"));
