import { fileURLToPath } from "node:url";
import { ask, closed, nextMessage } from "../lib/child.ts";
import type { Order, Sent } from "./messages.ts";
import { SENDING_CORE, startPinned } from "./pinned.ts";

const MAIN = fileURLToPath(new URL("./sender.main.ts", import.meta.url));

export interface SenderProcess {
  readonly bytesPerSpan: number;
  send(order: Order): Promise<Sent>;
  close(): Promise<void>;
}

/** A sender in a process of its own, on the core that is not measured. `run` tells its spans from others'. */
export async function startSender(url: string, run: number): Promise<SenderProcess> {
  const child = startPinned(SENDING_CORE, [process.execPath, ...process.execArgv, MAIN, url, String(run)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { bytesPerSpan } = (await nextMessage(child)) as { bytesPerSpan: number };
  return { bytesPerSpan, send: (order) => ask<Sent>(child, order), close: () => closed(child) };
}
