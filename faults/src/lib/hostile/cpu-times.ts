import { readFileSync } from "node:fs";

/** CPU time since the machine started, of all its cores, in clock ticks. */
export interface CpuTimes {
  readonly all: number;
  /** Of `all`, what was not idle. */
  readonly busy: number;
  /** What the processes took that were asked for. */
  readonly own: number;
}

/** Linux only. @throws Error if a process has ended */
export function readCpuTimes(pids: readonly number[]): CpuTimes {
  const [first = ""] = readFileSync("/proc/stat", "latin1").split("\n");
  // Those after the eighth are part of the first two.
  const ticks = first.trim().split(/ +/).slice(1, 9).map(Number);
  const [, , , idle = 0, waitingForDisk = 0] = ticks;
  const all = sum(ticks);
  return { all, busy: all - idle - waitingForDisk, own: sum(pids.map(ticksOf)) };
}

/** Which part of the machine's CPU time other processes took, and other virtual machines: 0 to 1. */
export function takenByOthers(from: CpuTimes, to: CpuTimes): number {
  const others = to.busy - from.busy - (to.own - from.own);
  return Math.max(0, others / (to.all - from.all));
}

/** User and system time of all threads. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name, in parentheses, may hold blanks. The 12th and 13th field after it are the times.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
