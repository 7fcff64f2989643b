import { setTimeout as sleep } from "node:timers/promises";

export interface WatchedHealth {
  isHealthy(): Promise<boolean>;
  /** Whether to stop watching. */
  isOver(): boolean;
  /** Called when it has stopped serving, with the milliseconds since it last served, and when it serves again. */
  onChange(serves: boolean, sinceMs: number): void;
  /** Time between two looks, in milliseconds. */
  readonly everyMs: number;
  /** It has stopped serving if it does not serve this many times in a row. */
  readonly misses: number;
}

/** Watches something that runs: a process that hangs does not end, and nothing else would report it. */
export async function watchHealth(watched: WatchedHealth): Promise<void> {
  let missed = 0;
  let served = performance.now();
  for (;;) {
    await sleep(watched.everyMs, undefined, { ref: false });
    if (watched.isOver()) return;
    const serves = await watched.isHealthy().catch(() => false);
    if (watched.isOver()) return;
    const now = performance.now();
    if (serves) {
      if (missed >= watched.misses) watched.onChange(true, now - served);
      missed = 0;
      served = now;
    } else if (++missed === watched.misses) watched.onChange(false, now - served);
  }
}
