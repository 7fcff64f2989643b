import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Log, LogRecord, NewRecord } from "./log.ts";
import { createMemoryLog } from "./memory-log.ts";
import { openLog } from "./open-log.ts";
import { positionOf } from "./position.ts";
import { request, tick } from "./testing/folder.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "slipstream-log-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const all = async (log: Log, after = 0): Promise<LogRecord[]> => {
  const records: LogRecord[] = [];
  for await (const record of log.read(positionOf(after))) records.push(record);
  return records;
};

const record: fc.Arbitrary<NewRecord> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("tick", "options", "chain", "of a later version@7"),
    receivedMs: fc.nat(),
    format: fc.constant(null),
    compression: fc.constant(null),
    body: fc.uint8Array({ maxLength: 50 }),
  }),
  fc.record({
    kind: fc.constantFrom("traces", "metrics"),
    receivedMs: fc.nat().map((ms) => ms + 0.25),
    format: fc.constantFrom("protobuf", "json"),
    compression: fc.constantFrom("none", "gzip"),
    body: fc.uint8Array({ maxLength: 50 }),
  }),
);

const comparable = (records: readonly (LogRecord | NewRecord)[]): object[] =>
  records.map((entry) => ({ ...entry, body: [...entry.body] }));

let files = 0;
const implementations: Record<string, () => Promise<Log>> = {
  memory: () => Promise.resolve(createMemoryLog({ maxBytes: 1e9 })),
  thread: () => openLog({ directory: join(directory, String(files++)), groupMs: 1 }),
  "thread, a segment every few records": () =>
    openLog({ directory: join(directory, String(files++)), segmentBytes: 1, groupMs: 0 }),
};

describe.each(Object.entries(implementations))("%s log", (_, open) => {
  test("gives back what was appended, in order, at positions without a gap", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 20 }), fc.nat(25), async (records, after) => {
        const log = await open();
        try {
          const positions = await Promise.all(records.map((entry) => log.append(entry)));
          expect(positions).toEqual(records.map((_, index) => index + 1));
          expect(log.position).toBe(records.length);
          const wanted = records.map((entry, index) => ({ ...entry, position: index + 1 }));
          expect(comparable(await all(log, after))).toEqual(comparable(wanted.slice(after)));
        } finally {
          await log.close();
        }
      }),
      { numRuns: 15 },
    );
  });

  test("reading ends at what was there when it began, while appends go on", async () => {
    const log = await open();
    const body = Buffer.alloc(100);
    const traces = { kind: "traces", format: "json", compression: "none", body } as const;
    for (let index = 0; index < 1000; index++) void log.append({ ...traces, receivedMs: index });
    await log.append(tick(1000));
    let seen = 0;
    for await (const { position } of log.read(positionOf(10))) {
      expect(position).toBe(11 + seen++);
      if (seen % 100 === 0) await log.append(tick(0));
    }
    expect(seen).toBe(991);
    expect(log.bytes).toBeGreaterThan(100_000);
    expect(log.fault).toBeUndefined();
    await log.close();
  });

  test("the memory of a body may be used again as soon as it was appended", async () => {
    const log = await open();
    const body = new Uint8Array(8).fill(1);
    const appended = log.append({ ...tick(0), kind: "options", body });
    body.fill(2);
    await appended;
    expect(comparable(await all(log))).toMatchObject([{ body: [1, 1, 1, 1, 1, 1, 1, 1] }]);
    await log.close();
  });

  test("takes nothing after it is closed, and keeps what was appended just before", async () => {
    const log = await open();
    const last = log.append(tick(1));
    await log.close();
    await log.close();
    expect(await last).toBe(1);
    await expect(log.append(tick(2))).rejects.toThrow("closed");
  });
});

test("a memory log drops its oldest records beyond the bound, never the newest", async () => {
  const log = createMemoryLog({ maxBytes: 10_000 });
  const body = new Uint8Array(1000);
  for (let index = 0; index < 5000; index++) {
    await log.append({ kind: "traces", receivedMs: index, format: "json", compression: "none", body });
  }
  const kept = await all(log);
  expect(log.bytes).toBeLessThanOrEqual(10_000);
  expect(kept.map(({ position }) => position)).toEqual(kept.map((_, index) => 5001 - kept.length + index));
  await log.append({
    kind: "traces",
    receivedMs: 1,
    format: "json",
    compression: "none",
    body: new Uint8Array(50_000),
  });
  expect(await all(log)).toHaveLength(1);
});

test("large bodies, which are copied in steps, keep their place among the others, also if the log is closed at once", async () => {
  const own = join(directory, "large");
  const sizes = [10, 12_000_000, 20, 300_000, 5_000_000, 0, 30];
  const records = sizes.map(
    (bytes, index): NewRecord => ({
      ...request(index, bytes),
      body: Buffer.alloc(bytes, `${index} of a body that is not the same everywhere`),
    }),
  );
  const log = await openLog({ directory: own });
  const positions = Promise.all(records.map((entry) => log.append(entry)));
  await log.close();
  expect(await positions).toEqual(sizes.map((_, index) => index + 1));
  const again = await openLog({ directory: own });
  const found = await all(again);
  await again.close();
  expect(found.map(({ body }, index) => Buffer.compare(body, records[index]?.body ?? body))).toEqual(
    sizes.map(() => 0),
  );
  expect(found.map(({ body }) => body.length)).toEqual(sizes);
});
