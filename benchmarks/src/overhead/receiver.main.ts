import { startReceiver } from "../lib/receiver.ts";
import type { ReceiverReport } from "./messages.ts";

// A process of its own: what it costs to receive must not count as the service's.
const { url, received, close } = await startReceiver();

function report(): void {
  const { requests, bytes } = received;
  const message: ReceiverReport = { url, requests, bytes };
  process.send?.(message);
}

process.on("message", report);
process.once("disconnect", () => void close());
report();
