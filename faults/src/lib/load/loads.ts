import { Load, type LoadOptions } from "./load.ts";

/** What a load may have beside trades that are on no chain, of one desk. */
export type LoadExtras = Pick<LoadOptions, "onChain" | "otherDesk" | "prefix">;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Event time between two batches. */
const STEP_MS = 10_000;

/** A load of hours ago, so that the times of receipt decide nothing but which spans count as late. */
export function backlogLoad(seed: number, batches: number, extras: LoadExtras = {}): Load {
  const startMs = Date.now() - 6 * HOUR_MS;
  const timeMs = (index: number): number => startMs + index * STEP_MS;
  return new Load({ seed, batches, timeMs, profitOutsideWindows: false, ...extras });
}

/**
 * A load of now: ticks and times of receipt decide what is published when.
 *
 * @param heldBack so many batches are older, one for each 10 s up to a minute ago: an outage of the network held them back
 */
export function liveLoad(seed: number, batches: number, extras: LoadExtras = {}, heldBack = 0): Load {
  const heldBackToMs = Date.now() - MINUTE_MS;
  const timeMs = (index: number): number =>
    index < heldBack ? heldBackToMs - (heldBack - index) * STEP_MS : Date.now() - 1_000;
  return new Load({ seed, batches, timeMs, profitOutsideWindows: true, ...extras });
}
