import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Finding } from "./check.ts";

const check = "Collector's queues";

/** Whether the Collector has set damaged files of its queues aside: it begins again with empty ones, and no metric says so. */
export function checkCollectorData(folder: string | undefined): readonly Finding[] {
  if (folder === undefined) return [];
  const path = resolve(folder);
  let files: readonly string[];
  try {
    files = readdirSync(path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const remedy = "correct --collector-data (SLIPSTREAM_COLLECTOR_DATA), and run as a user that may read it";
    return [{ check, outcome: "warn", text: `${path} cannot be read (${code})`, remedy }];
  }
  const backups = files.filter((name) => name.endsWith(".backup"));
  if (backups.length === 0) return [{ check, outcome: "ok", text: `${path} has no damaged files` }];
  return [
    {
      check,
      outcome: "bad",
      text: `damaged files were set aside in ${path}: ${backups.join(", ")}; what waited in them is lost`,
      remedy: "look at the disk, and delete these files when you are done",
    },
  ];
}
