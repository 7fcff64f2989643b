import { accessSync, constants, existsSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isDirectoryInUse } from "@slipstream/aggregator";
import type { Finding } from "./check.ts";

const check = "Data folder";
const fewBytes = 1024 ** 3;

/** Whether the folder can be written and is free. Nothing is made or changed. */
export async function checkDataFolder(folder: string): Promise<Finding[]> {
  const path = resolve(folder);
  const nearest = nearestExisting(path);
  const remedy = "choose another with --data (SLIPSTREAM_DATA_DIR)";
  if (!statSync(nearest).isDirectory()) {
    return [{ check, outcome: "bad", text: `${nearest} is a file, not a folder`, remedy }];
  }
  if (!writable(nearest)) {
    return [{ check, outcome: "bad", text: `${nearest} may not be written to`, remedy }];
  }
  const state = nearest === path ? "can be written to" : "will be made";
  const inUse = nearest === path && isDirectoryInUse(path) ? ", and is in use by an aggregator" : "";
  return [{ check, outcome: "ok", text: `${path} ${state}${inUse}` }, ...(await checkSpace(nearest))];
}

async function checkSpace(folder: string): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= fewBytes) return [];
  const text = `only ${Math.floor(free / 1024 ** 2)} MiB are free on its disk`;
  return [{ check, outcome: "warn", text, remedy: "the log grows with what is received: make room" }];
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
