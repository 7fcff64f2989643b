import { closeSync, openSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { endOf, sizeOf } from "../log-file.ts";
import type { Part } from "../parts/part.ts";
import type { Output } from "../progress.ts";
import { runFolder } from "../run/run-folder.ts";

const LINES = 100;
const POLL_MS = 250;

/** Prints the end of each part's log, with its name before each line if there are several; with `follow`, what comes, until the signal. */
export async function logs(
  data: string,
  parts: readonly Part[],
  follow: boolean,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const folder = runFolder(data);
  if (folder.readState() === undefined) {
    output.write(`No stack has run with its data in ${data}.\n`);
    return 1;
  }
  const width = Math.max(...parts.map(({ name }) => name.length));
  const files = parts.map(({ name }) => {
    const file = folder.log(name);
    return { name, file, read: sizeOf(file), rest: "" };
  });
  const print = (name: string, line: string): unknown =>
    output.write(parts.length === 1 ? `${line}\n` : `${name.padEnd(width)} | ${line}\n`);
  for (const { name, file } of files) for (const line of endOf(file, LINES)) print(name, line);
  while (follow && !signal.aborted) {
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    for (const log of files) {
      const size = sizeOf(log.file);
      // It was cut meanwhile.
      if (size < log.read) log.read = 0;
      const lines = (log.rest + textFrom(log.file, log.read, size)).split("\n");
      log.read = size;
      log.rest = lines.pop() ?? "";
      for (const line of lines) print(log.name, line);
    }
  }
  return 0;
}

function textFrom(file: string, from: number, to: number): string {
  if (to <= from) return "";
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(to - from);
    return buffer.toString("utf8", 0, readSync(descriptor, buffer, 0, buffer.length, from));
  } finally {
    closeSync(descriptor);
  }
}
