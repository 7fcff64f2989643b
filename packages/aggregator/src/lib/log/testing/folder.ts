import { BEGINNING, type Position } from "../position.ts";

export { request } from "./append-request.ts";

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipstreamError } from "@slipstream/conventions";
import { expect } from "vitest";
import type { Log, LogRecord, NewRecord } from "../log.ts";
import type { LogCore } from "../log-core.ts";
import { REACHED_FILE } from "../reached.ts";
import { newRecord } from "../records/record-kind.ts";
import { tick as tickKind } from "../records/tick.ts";
import { listSegments } from "../segment-name.ts";
import type { StoredRecord } from "../stored.ts";

/** A data directory of a test. */
export function makeDirectory(parent: string = tmpdir()): string {
  return mkdtempSync(join(parent, "slipstream-log-"));
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

/** Whether this user may mount file systems. */
export function canMount(): boolean {
  const at = makeDirectory();
  try {
    mountDisk(at, "1m");
    execFileSync("umount", [at]);
    return true;
  } catch {
    return false;
  } finally {
    removeDirectory(at);
  }
}

/** Puts a small file system over a folder; `umount` takes it away again. @throws Error if this user may not */
export function mountDisk(folder: string, size: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", folder], { stdio: "ignore" });
}

/** The files of the segments, oldest first. */
export function segmentFiles(directory: string): string[] {
  return listSegments(join(directory, "log")).map(({ file }) => file);
}

/** As a folder of an earlier version is, or after a power failure: the log does not say how far it had come. */
export function forgetReached(directory: string): void {
  rmSync(join(directory, "log", REACHED_FILE), { force: true });
}

export const tick = (receivedMs: number): NewRecord => newRecord(tickKind, receivedMs, undefined);

export async function appendAll(log: Log, records: readonly NewRecord[]): Promise<void> {
  await Promise.all(records.map((record) => log.append(record)));
}

export async function readAll(log: Log, after: Position = BEGINNING): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of log.read(after)) records.push(record);
  return records;
}

/** The error with which something is refused. */
export async function errorOf(work: () => unknown): Promise<SlipstreamError> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(SlipstreamError);
    if (error instanceof SlipstreamError) return error;
  }
  throw new Error("It was not refused.");
}

/** Reads what the log's thread would. */
export function readCore(core: LogCore, after = 0): StoredRecord[] {
  const records: StoredRecord[] = [];
  let page = core.page(after, core.position);
  while (page.length > 0) {
    records.push(...page);
    page = core.page(page.at(-1)?.position ?? core.position, core.position);
  }
  return records;
}
