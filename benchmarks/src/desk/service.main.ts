import { SERVICE } from "../intake/template.ts";
import { slipstreamService } from "../overhead/slipstream-service.ts";
import { carryOut } from "../overhead/workload.ts";
import { varied } from "./desk-service.ts";
import type { Order, Traded } from "./messages.ts";
import { startRelay } from "./relay.ts";

// A trading service as a user has it, in a process of its own. Its arguments are the aggregators that get what it sends.
const relay = await startRelay(process.argv.slice(2));
const service = slipstreamService(relay.url, SERVICE);
const desk = varied(service);

process.on("message", async ({ seconds, perSecond }: Order) => {
  const trades = await carryOut({ seconds, perSecond, seed: 1 }, desk);
  await service.flush();
  await relay.settled();
  const traded: Traded = { trades, ...relay.passed };
  process.send?.(traded);
});
process.once("disconnect", async () => {
  await service.shutdown();
  relay.close();
});
process.send?.("ready");
