import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { silentLogger } from "../../logger.ts";
import { StateStore } from "../../state/state-store.ts";
import { Deliverer } from "../deliver/deliverer.ts";
import { channelTo } from "./receiver.ts";
import { alertSequence } from "./transition.ts";

// Delivers what came of a log that is read from its beginning, as after each start without a checkpoint.
const [directory = "", url = "", count = "0", everyMs = "2"] = process.argv.slice(2);
const file = join(directory, "state.sqlite");
const store = await StateStore.open({ file, now: Date.now, watermark: () => undefined });
const deliverer = new Deliverer({
  channels: [{ channel: channelTo("hook", url), accepts: () => true }],
  content: await store.outbox(),
  keep: (entries, changes) => store.keepNotifications(entries, changes),
  logger: silentLogger,
  now: Date.now,
  times: { backoff: { firstMs: 10, longestMs: 40 }, sendMs: 300 },
});
for (const [position, transition] of alertSequence("latency", Number(count)).entries()) {
  deliverer.take([transition], position);
  await sleep(Number(everyMs));
}
setInterval(() => undefined, 1_000);
