import { newRecord } from "../log/records/record-kind.ts";
import { tick } from "../log/records/tick.ts";
import type { Journal } from "./journal.ts";

export interface Ticker {
  stop(): void;
}

/** Appends a tick every second, so that time passes in silence too. While one waits to be committed, none is added. */
export function startTicker(journal: Journal, now: () => number, intervalMs = 1_000): Ticker {
  let underWay = false;
  const append = async (): Promise<void> => {
    if (underWay) return;
    underWay = true;
    try {
      await journal.commit(newRecord(tick, now(), undefined));
    } catch {
      // /readyz says why the log takes nothing. The next tick makes up for a lost one.
    } finally {
      underWay = false;
    }
  };
  const timer = setInterval(() => void append(), intervalMs);
  return { stop: () => clearInterval(timer) };
}
