import { setTimeout as delay } from "node:timers/promises";

/** Waits until the condition holds; fails after the deadline. */
export async function until(condition: () => boolean, what: string, deadlineMs = 20_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await delay(20);
  }
}
