import { createWriteStream } from "node:fs";
import type { Stage } from "../../pipeline/pipeline.ts";

/** Instants that may wait for the disk; more are left out. */
const MOST_WAITING_BYTES = 1_000_000;

/** Appends each instant to a file, as a line of JSON. */
export function instantFile(path: string): { readonly stage: Stage; close(): Promise<void> } {
  const file = createWriteStream(path, { flags: "a" });
  // A disk that is full must not end the aggregator.
  file.on("error", () => undefined);
  return {
    stage: ({ effects: { publications } }) => {
      if (file.writableLength > MOST_WAITING_BYTES) return;
      for (const { desk, timeMs, values } of publications)
        file.write(`${JSON.stringify({ desk, timeMs, ...values })}\n`);
    },
    close: () => new Promise((resolve) => file.end(resolve)),
  };
}
