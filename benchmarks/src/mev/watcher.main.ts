import { openBlockSource } from "@slipstream/aggregator";
import { slotSwaps } from "@slipstream/mev";
import { decodeBlockBytes } from "@slipstream/mev/block";
import type { WatcherLoad, WatcherOrder } from "./watcher-load.ts";

// What the watcher's thread does with a block: fetches it, decodes it, and picks what the desk's trades need.

async function run({ port, blocks, perSecond }: WatcherOrder): Promise<WatcherLoad> {
  const source = openBlockSource({ rpcUrl: `http://127.0.0.1:${port}/` });
  const signatures: ReadonlySet<string> = new Set(["a transaction of the desk"]);
  let pools: ReadonlySet<string> = new Set();
  let decodingMs = 0;
  const read = async (slot: number): Promise<void> => {
    const found = await source?.block(slot);
    if (found?.kind !== "block") throw new Error(`the node gave ${found?.kind}`);
    const before = process.cpuUsage();
    const decoded = decodeBlockBytes(found.bytes, slot);
    pools = new Set(decoded.swaps.slice(0, 4).map(({ pool }) => pool));
    slotSwaps(decoded, { pools, signatures });
    const { user, system } = process.cpuUsage(before);
    decodingMs += (user + system) / 1_000;
  };
  for (let slot = 1; slot <= 12; slot++) await read(slot);
  decodingMs = 0;
  const before = process.cpuUsage();
  const start = performance.now();
  for (let at = 0; at < blocks; at++) {
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, start + (at * 1_000) / perSecond - performance.now())),
    );
    await read(100 + at);
  }
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1_000, cpuMs: (user + system) / 1_000, decodingMs };
}

process.once("message", (order: WatcherOrder) => {
  void run(order).then((load) => process.send?.(load, () => process.disconnect()));
});
process.send?.("ready");
