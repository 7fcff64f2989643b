import { createHash, randomUUID } from "node:crypto";
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Writer } from "./writer.ts";

/** The instance's id, in its data folder. */
const INSTANCE_FILE = "instance";
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A process that keeps nothing. */
export interface ProcessWriter {
  /** Name of the desk; "" if it has none. */
  readonly desk: string;
  /** A UUID of this process. */
  readonly run: string;
}

/** A process that keeps nothing is an instance of its own each time. */
export function processWriter({ desk, run }: ProcessWriter): Writer {
  return { desk, instance: run, run, place: placeOf(run), host: hostname(), pid: process.pid };
}

/** This process as the user of a data folder, which only one process has at a time. */
export function folderWriter(desk: string, folder: string): Writer {
  return {
    desk,
    instance: instanceOf(folder),
    run: randomUUID(),
    place: placeOf(realpathSync(folder)),
    host: hostname(),
    pid: process.pid,
  };
}

/** The id in a data folder; undefined if there is none. */
export function readInstance(folder: string): string | undefined {
  try {
    const text = readFileSync(join(folder, INSTANCE_FILE), "utf8").trim();
    return uuid.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function instanceOf(folder: string): string {
  const known = readInstance(folder);
  if (known !== undefined) return known;
  const made = randomUUID();
  try {
    writeFileSync(join(folder, INSTANCE_FILE), `${made}\n`, { mode: 0o600 });
  } catch {
    // A full disk must not end the start. After a restart, the lease is then another instance's, and ends by itself.
  }
  return made;
}

/** A copy of a folder is in another place: on another machine, or under another path. */
function placeOf(path: string): string {
  return createHash("sha256")
    .update(JSON.stringify([hostname(), machineId(), path]))
    .digest("hex")
    .slice(0, 16);
}

/** Tells two machines of one name apart. */
function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim();
  } catch {
    return "";
  }
}
