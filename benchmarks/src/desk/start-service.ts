import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { nextMessage } from "../lib/child.ts";

/** Starts a trading service that sends all it trades to each of these aggregators. Resolves when it takes orders. */
export async function startService(urls: readonly string[]): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL("./service.main.ts", import.meta.url)), [...urls]);
  await nextMessage(child);
  return child;
}
