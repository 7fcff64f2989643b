import { readFileSync } from "node:fs";
import { totalmem } from "node:os";

const FILES = [
  "/sys/fs/cgroup/memory.max", // cgroup v2, from inside a container
  "/sys/fs/cgroup/memory/memory.limit_in_bytes", // cgroup v1
];

/** The machine's memory or the cgroup's limit, whichever is lower, in bytes. */
export function memoryLimitBytes(
  read: (file: string) => string = readText,
  total: number = totalmem(),
): number {
  const limits = FILES.map((file) => {
    try {
      // "max" in v2, and 2^63 rounded to pages in v1, mean that there is no limit.
      return Number.parseInt(read(file), 10);
    } catch {
      return Number.NaN;
    }
  });
  return Math.min(total, ...limits.filter((limit) => limit > 0));
}

function readText(file: string): string {
  return readFileSync(file, "utf8");
}
