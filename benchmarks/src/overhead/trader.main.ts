import type { Done, Order, TraderKind } from "./messages.ts";
import { startService } from "./service.ts";
import { carryOut } from "./workload.ts";

// A trading service. Arguments: how it is instrumented, the OTLP receiver's address.
const [kind = "none", endpoint = ""] = process.argv.slice(2);
const service = await startService(kind as TraderKind, endpoint);

process.on("message", async (order: Order) => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const trades = await carryOut(order, service);
  await service.flush();
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = performance.now() - start;
  const done: Done = { trades, cpuMs: (user + system) / 1_000, wallMs, rssBytes: process.memoryUsage.rss() };
  process.send?.(done);
});
process.once("disconnect", () => void service.shutdown());
process.send?.("ready");
