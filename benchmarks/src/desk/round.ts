import { setTimeout as sleep } from "node:timers/promises";
import { residentBytes } from "../intake/process-stats.ts";
import { readThreads, type ThreadTime, type ThreadTimes, takenBetween } from "./threads.ts";

/** What one aggregator took in one round. */
export interface Round {
  readonly seconds: number;
  readonly threads: readonly ThreadTime[];
  /** At the end. */
  readonly residentBytes: number;
}

interface Look {
  readonly ms: number;
  readonly threads: ThreadTimes;
}

/** One round of all processes at the same time, so that whatever slows the machine slows all of them. */
export async function roundOf(pids: readonly number[], seconds: number): Promise<Round[]> {
  const before = pids.map(look);
  await sleep(1_000 * seconds);
  return pids.map((pid, at) => {
    const after = look(pid);
    const from = before[at] ?? after;
    return {
      seconds: (after.ms - from.ms) / 1_000,
      threads: takenBetween(from.threads, after.threads),
      residentBytes: residentBytes(pid, "now"),
    };
  });
}

function look(pid: number): Look {
  return { ms: performance.now(), threads: readThreads(pid) };
}
