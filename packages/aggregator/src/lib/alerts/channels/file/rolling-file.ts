import { once } from "node:events";
import { open, readdir, stat, unlink } from "node:fs/promises";
import { join, parse, resolve } from "node:path";
import { createStream, type RotatingFileStream } from "rotating-file-stream";

export interface RollingFile {
  readonly path: string;
  /** Size at which the file is put aside, and another one begun. */
  readonly maxBytes: number;
  /** Files that are kept, the one that is written to included. */
  readonly keepFiles: number;
}

/**
 * Appends lines to a file. Before, what is there from an earlier day (in the time zone of this machine) is put aside as
 * `NAME.YYYY-MM-DD.N.ENDING`, and so is the file when it has its size. It is open only meanwhile, so a restart, a new day and a disk
 * that was full all begin from what is there.
 *
 * @throws what the file system says
 */
export async function appendLines(file: RollingFile, lines: string): Promise<void> {
  const path = resolve(file.path);
  const stream = createStream((time, index) => nameOf(path, time, index), {
    size: `${file.maxBytes}B`,
    interval: "1d",
    intervalBoundary: true,
    initialRotation: true,
  });
  // Whatever fails also fails the call that waits for it.
  stream.on("error", () => undefined);
  try {
    await once(stream, "open");
    await append(stream, path, lines);
    stream.end();
    await once(stream, "close");
  } finally {
    stream.destroy();
  }
  await deleteOldest(path, file.keepFiles);
}

async function append(stream: RotatingFileStream, path: string, lines: string): Promise<void> {
  const before = (await stat(path)).size;
  const bytes = Buffer.from(`${(await isCutOff(path, before)) ? "\n" : ""}${lines}`);
  let written = path;
  stream.once("rotated", (name) => {
    written = name;
  });
  await new Promise<void>((resolve, reject) =>
    stream.write(bytes, (error) => (error instanceof Error ? reject(error) : resolve())),
  );
  // A disk that becomes full takes a part, and says so only at the next write.
  if ((await stat(written)).size < before + bytes.length)
    throw Object.assign(new Error("a part was written"), { code: "ENOSPC" });
}

/** Whether a file ends within a line, because the disk was full or the process was killed. */
async function isCutOff(path: string, size: number): Promise<boolean> {
  if (size === 0) return false;
  const file = await open(path, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() !== "\n";
  } finally {
    await file.close();
  }
}

/** Files of earlier runs count, too. */
async function deleteOldest(path: string, keepFiles: number): Promise<void> {
  const { dir, name, ext } = parse(path);
  const old = (await readdir(dir)).flatMap((file) => {
    if (!file.startsWith(`${name}.`) || !file.endsWith(ext)) return [];
    const found = /^(\d{4}-\d{2}-\d{2})\.(\d+)$/.exec(file.slice(name.length + 1, file.length - ext.length));
    return found === null ? [] : [{ file, day: found[1] ?? "", number: Number(found[2]) }];
  });
  old.sort((a, b) => a.day.localeCompare(b.day) || a.number - b.number);
  for (const { file } of old.slice(0, Math.max(0, old.length - (keepFiles - 1)))) {
    // Somebody else may have deleted it.
    await unlink(join(dir, file)).catch(() => undefined);
  }
}

/** @param time of the day that the file is of; null: it is written to now */
function nameOf(path: string, time: number | Date | null, index: number = 1): string {
  if (time === null) return path;
  const day = new Date(time);
  const date = [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) =>
    String(part).padStart(2, "0"),
  );
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}.${date.join("-")}.${index}${ext}`);
}
