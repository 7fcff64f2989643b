import { newRecord } from "../log/records/record-kind.ts";
import { tick } from "../log/records/tick.ts";
import type { Journal } from "./journal.ts";

export interface Ticker {
  stop(): void;
}

export interface TickerOptions {
  readonly journal: Pick<Journal, "commit">;
  /** Whether a tick at a time, Unix ms, could move the time of any statistic. */
  readonly isBehind: (nowMs: number) => boolean;
  /** Unix ms. */
  readonly now: () => number;
}

const INTERVAL_MS = 1_000;
/** While the records that come move the time themselves, every fifth tick is enough: amended instants wait that long. */
const MOST_LEFT_OUT = 4;

/**
 * Appends a tick every second, so that time passes in silence too. It leaves ticks out that would change nothing: each costs a
 * transaction and a sync. While one waits to be committed, none is added.
 */
export function startTicker({ journal, isBehind, now }: TickerOptions): Ticker {
  let underWay = false;
  let leftOut = 0;
  const append = async (): Promise<void> => {
    if (underWay) return;
    const nowMs = now();
    if (leftOut < MOST_LEFT_OUT && !isBehind(nowMs)) {
      leftOut += 1;
      return;
    }
    leftOut = 0;
    underWay = true;
    try {
      await journal.commit(newRecord(tick, nowMs, undefined));
    } catch {
      // /readyz says why the log takes nothing. The next tick makes up for a lost one.
    } finally {
      underWay = false;
    }
  };
  const timer = setInterval(() => void append(), INTERVAL_MS);
  return { stop: () => clearInterval(timer) };
}
