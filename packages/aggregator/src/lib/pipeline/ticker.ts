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
  /** Whether a tick at that time would change alerts. */
  readonly isAlertDue: (nowMs: number) => boolean;
  /** Unix ms. */
  readonly now: () => number;
}

/** How soon a tick comes that alerts wait for. */
const INTERVAL_MS = 250;
/** The others come each second. */
const INTERVALS = 4;
/** While the records that come move the time themselves, every fifth tick is enough: amended instants wait that long. */
const MOST_LEFT_OUT = 4;

/**
 * Appends a tick every second, so that time passes in silence too, and at once if alerts wait for one. It leaves ticks out that
 * would change nothing: each costs a transaction and a sync. While one waits to be committed, none is added.
 */
export function startTicker({ journal, isBehind, isAlertDue, now }: TickerOptions): Ticker {
  let underWay = false;
  let leftOut = 0;
  let intervals = 0;
  const isWanted = (nowMs: number): boolean => {
    intervals = (intervals + 1) % INTERVALS;
    if (isAlertDue(nowMs)) return true;
    if (intervals > 0) return false;
    if (leftOut >= MOST_LEFT_OUT || isBehind(nowMs)) return true;
    leftOut += 1;
    return false;
  };
  const append = async (): Promise<void> => {
    const nowMs = now();
    if (underWay || !isWanted(nowMs)) return;
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
