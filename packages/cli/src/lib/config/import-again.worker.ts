import { parentPort, workerData } from "node:worker_threads";
import type { Imported } from "./import-again.ts";
import { importFile } from "./read-file.ts";

const send = (imported: Imported): void => parentPort?.postMessage(imported);

try {
  send({ value: await importFile(String(workerData)) });
} catch (error) {
  // Also what cannot be sent, such as a function.
  send({ error: error instanceof Error ? error.message : String(error) });
}
