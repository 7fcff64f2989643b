import { existsSync, readFileSync } from "node:fs";

/** Clock ticks in which Linux counts a process's time: 1/100 s on every platform that Node runs on. */
const TICKS_PER_S = 100;
const KIB = 1024;

/** Whether a process's time and memory can be read here. */
export function canReadProcesses(): boolean {
  return existsSync("/proc/self/stat");
}

/** User and system time of all threads of a process, seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name, in parentheses, may hold blanks. After it come field 3 and the rest; 14 and 15 are user and system time.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** Resident memory of a process, bytes: now, or the most it ever was. */
export function residentBytes(pid: number, which: "now" | "most"): number {
  const name = which === "now" ? "VmRSS" : "VmHWM";
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return KIB * Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? Number.NaN);
}
