/**
 * CPU time for a record, over all threads and with what the kernel does for it: segments of this version, segments of earlier ones
 * (SQLite), and this version's as the log's own thread writes them, and as libuv's threads would. They run in turn.
 * node --conditions=slipstream-source packages/aggregator/src/lib/log/testing/layouts.main.ts [DIRECTORY] [ROUNDS]
 */
import { randomBytes } from "node:crypto";
import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, writev } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { disk } from "../disk.ts";
import { newHeader } from "../frames/file-header.ts";
import { encodeGroup } from "../frames/frame.ts";
import { FrameWriter } from "../frames/frame-writer.ts";
import type { NewRecord } from "../log.ts";
import { openLog } from "../open-log.ts";
import { SqliteWriter } from "../sqlite/testing/sqlite-writer.ts";

const [parent = tmpdir(), rounds = "5"] = process.argv.slice(2);

/** Something that takes groups of records, each of them on the disk when `append` is done. */
interface Subject {
  append(first: number, records: readonly NewRecord[]): void | Promise<void>;
  close(): void | Promise<void>;
}

type Open = (folder: string) => Subject | Promise<Subject>;

const subjects: Readonly<Record<string, Open>> = {
  SQLite: (folder) => new SqliteWriter(join(folder, "log.sqlite"), 1),
  segments: (folder) => FrameWriter.create(join(folder, "log.segment"), folder, 1, 0, disk),
  // As the aggregator has it: with the messages to its thread and back.
  "the log's thread": async (folder) => {
    const log = await openLog({ directory: folder, groupMs: 0 });
    return {
      append: async (_, records) => void (await Promise.all(records.map((record) => log.append(record)))),
      close: () => log.close(),
    };
  },
  "libuv's threads": (folder) => {
    const descriptor = openSync(join(folder, "log.segment"), "wx");
    const { salt } = newHeader(1, { previous: 0, through: null, lost: 0 });
    const [write, sync] = [promisify(writev), promisify(fdatasync)];
    let at = 0;
    return {
      async append(first, records) {
        const { bytesWritten } = await write(descriptor, encodeGroup(records, first, salt), at);
        at += bytesWritten;
        await sync(descriptor);
      },
      close: () => closeSync(descriptor),
    };
  },
};

const micros = ({ user, system }: NodeJS.CpuUsage): number => user + system;

/** @returns CPU microseconds for each record */
async function measure(open: Open, bodyBytes: number, group: number): Promise<number> {
  const folder = mkdtempSync(join(parent, "slipstream-log-"));
  const subject = await open(folder);
  const body = randomBytes(bodyBytes);
  const record = { kind: "traces", receivedMs: 1, format: "protobuf", compression: "none", body };
  const records = Array.from({ length: group }, () => record);
  const groups = Math.max(30, Math.min(400, Math.ceil(48e6 / (bodyBytes * group))));
  try {
    const before = process.cpuUsage();
    for (let index = 0; index < groups; index++) await subject.append(1 + index * group, records);
    await subject.close();
    return micros(process.cpuUsage(before)) / (groups * group);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

process.stdout.write(`load ${loadavg().map((load) => load.toFixed(1))}\n`);
for (const [bodyBytes, group] of [
  [234 * 1_024, 8],
  [234 * 1_024, 1],
  [2_048, 16],
  [2_048, 1],
  [0, 1],
] as const) {
  const all = Object.entries(subjects);
  const found = new Map(all.map(([name]) => [name, [] as number[]]));
  for (const [, open] of all) await measure(open, bodyBytes, group);
  for (let round = 0; round < Number(rounds); round++) {
    for (const [name, open] of round % 2 === 0 ? all : all.toReversed())
      found.get(name)?.push(await measure(open, bodyBytes, group));
  }
  const texts = [...found].map(([name, values]) => `${name} ${median(values).toFixed(1)} us`);
  process.stdout.write(`${bodyBytes} bytes, ${group} at a time: ${texts.join(", ")}\n`);
}
process.stdout.write(`load ${loadavg().map((load) => load.toFixed(1))}\n`);
