import { readFileSync } from "node:fs";

/** Resident memory of a process, MiB. Linux only. */
export function rssMiB(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  if (kib === undefined) throw new Error(`/proc/${pid}/status does not tell VmRSS.`);
  return Number(kib) / 1_024;
}
