import { readFileSync } from "node:fs";
import { totalmem } from "node:os";

const FILES = [
  "/sys/fs/cgroup/memory.max", // cgroup v2, seen from inside a container
  "/sys/fs/cgroup/memory/memory.limit_in_bytes", // cgroup v1
];

/** The least of the machine's memory and the cgroup's limit, bytes. */
export function memoryLimitBytes(
  read: (file: string) => string = readText,
  total: number = totalmem(),
): number {
  const limits = FILES.map((file) => {
    try {
      // "max" in v2 and 2^63 rounded to pages in v1 mean that there is none.
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
