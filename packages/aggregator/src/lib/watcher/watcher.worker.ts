import { parentPort, workerData } from "node:worker_threads";
import { createFolderSource } from "./folder-source.ts";
import type { FromWatcher, ToWatcher, WatcherThreadSettings } from "./messages.ts";
import { createRpcSource } from "./rpc-source.ts";
import { SlotReader } from "./slot-reader.ts";

/** Fetches and decodes blocks: a block of 3 MB costs some 100 ms, which intake must not wait for. */
const { source: settings } = workerData as WatcherThreadSettings;
const source =
  settings.kind === "rpc"
    ? createRpcSource(settings.url, settings.timeoutMs)
    : createFolderSource(settings.directory);
const reader = new SlotReader(source);

parentPort?.on("message", (message: ToWatcher) => {
  answer(message).catch((error: unknown) => {
    tell({ type: "failed", id: message.id, reason: error instanceof Error ? error.message : String(error) });
  });
});

async function answer(message: ToWatcher): Promise<void> {
  const { type, id } = message;
  if (type === "head") tell({ type, id, head: await source.head() });
  else if (type === "slot") tell({ type, id, outcome: await reader.read(message.request) });
  else tell({ type, id, places: await source.placesOf(message.signatures) });
}

function tell(message: FromWatcher): void {
  parentPort?.postMessage(message);
}
