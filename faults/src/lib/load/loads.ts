import { Load, type LoadOptions } from "./load.ts";

/** What a load may have beside trades that are on no chain, of one desk. */
export type LoadExtras = Pick<LoadOptions, "onChain" | "otherDesk">;

const HOUR_MS = 3_600_000;
/** Event time between two batches. */
const STEP_MS = 10_000;

/** A load of hours ago, so that the times of receipt decide nothing but which spans count as late. */
export function backlogLoad(seed: number, batches: number, extras: LoadExtras = {}): Load {
  const startMs = Date.now() - 6 * HOUR_MS;
  const timeMs = (index: number): number => startMs + index * STEP_MS;
  return new Load({ seed, batches, timeMs, profitOutsideWindows: false, ...extras });
}

/** A load of now: ticks and times of receipt decide what is published when. */
export function liveLoad(seed: number, batches: number, extras: LoadExtras = {}): Load {
  const timeMs = (): number => Date.now() - 1_000;
  return new Load({ seed, batches, timeMs, profitOutsideWindows: true, ...extras });
}
