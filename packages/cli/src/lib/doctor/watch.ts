import { setTimeout as sleep } from "node:timers/promises";
import { Changes } from "./changes.ts";
import type { Finding } from "./check.ts";

export interface WatchOptions {
  /** All checks once. */
  readonly round: () => Promise<readonly Finding[]>;
  /** From the beginning of one round to that of the next, ms. A round that takes longer is followed by the next at once. */
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  readonly tell: (findings: readonly Finding[]) => Promise<void>;
}

/** Checks again and again until the signal aborts, and tells what changes. */
export async function watchPipeline({ round, intervalMs, signal, tell }: WatchOptions): Promise<void> {
  const changes = new Changes();
  while (!signal.aborted) {
    const beganMs = performance.now();
    const findings = await round();
    // What the end itself has cut short is no finding.
    if (signal.aborted) return;
    const news = changes.of(findings);
    if (news.length > 0) await tell(news);
    const restMs = Math.max(0, beganMs + intervalMs - performance.now());
    await sleep(restMs, undefined, { signal }).catch(() => undefined);
  }
}
