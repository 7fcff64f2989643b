import { serveThread } from "../threads/serve-thread.ts";
import { createFolderSource } from "./folder-source.ts";
import type { WatcherThread } from "./messages.ts";
import { createRpcSource } from "./rpc-source.ts";
import { SlotReader } from "./slot-reader.ts";

/** Fetches and decodes blocks: one of 3 MB takes about 100 ms, which intake must not wait for. */
void serveThread<WatcherThread>((settings) => {
  const source =
    settings.kind === "rpc"
      ? createRpcSource(settings.url, settings.timeoutMs)
      : createFolderSource(settings.directory);
  const reader = new SlotReader(source);
  return {
    opened: undefined,
    questions: {
      head: () => source.head(),
      slot: (request) => reader.read(request),
      places: (signatures) => source.placesOf(signatures),
    },
  };
});
