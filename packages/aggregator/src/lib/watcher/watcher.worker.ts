import { serveThread } from "../threads/serve-thread.ts";
import type { WatcherThread } from "./messages.ts";
import { SlotReader } from "./slot-reader.ts";
import { createBlockSource } from "./watch.ts";

/** Fetches and decodes blocks: one of 3 MB takes about 100 ms, which intake must not wait for. */
void serveThread<WatcherThread>((settings) => {
  const source = createBlockSource(settings);
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
