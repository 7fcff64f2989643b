import { existsSync, readdirSync, readFileSync } from "node:fs";

/** What a thread has taken since it began. */
export interface ThreadTime {
  readonly name: string;
  readonly cpuNs: number;
  /** How often it began to run. */
  readonly runs: number;
}

/** By the thread's id. */
export type ThreadTimes = ReadonlyMap<string, ThreadTime>;

/** Whether the kernel says what each thread takes. */
export function canReadThreads(): boolean {
  return existsSync("/proc/thread-self/schedstat");
}

/** User and system time of each thread of a process, in nanoseconds: in ticks of 10 ms, a round has a few dozen. */
export function readThreads(pid: number): ThreadTimes {
  const times = new Map<string, ThreadTime>();
  for (const id of readdirSync(`/proc/${pid}/task`)) {
    try {
      const task = `/proc/${pid}/task/${id}`;
      const [cpuNs, , runs] = readFileSync(`${task}/schedstat`, "latin1").trim().split(" ").map(Number);
      times.set(id, {
        name: readFileSync(`${task}/comm`, "latin1").trim(),
        cpuNs: cpuNs ?? 0,
        runs: runs ?? 0,
      });
    } catch {
      // It ended between the two looks.
    }
  }
  return times;
}

/** What was taken between two looks, threads of one name together. A thread that ended in between is not known. */
export function takenBetween(before: ThreadTimes, after: ThreadTimes): readonly ThreadTime[] {
  const taken = new Map<string, ThreadTime>();
  for (const [id, { name, cpuNs, runs }] of after) {
    const from = before.get(id) ?? { cpuNs: 0, runs: 0 };
    const sum = taken.get(name) ?? { cpuNs: 0, runs: 0 };
    taken.set(name, {
      name,
      cpuNs: sum.cpuNs + cpuNs - from.cpuNs,
      runs: sum.runs + runs - from.runs,
    });
  }
  return [...taken.values()];
}
