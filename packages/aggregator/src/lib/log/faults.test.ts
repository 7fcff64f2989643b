import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { type WatchedThreads, watchThreads } from "@slipstream/testing/threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createJournal } from "../pipeline/journal.ts";
import { collecting } from "../pipeline/testing/collecting.ts";
import type { Log } from "./log.ts";
import { openLog } from "./open-log.ts";
import { numberOf, positionOf } from "./position.ts";
import {
  errorOf,
  makeDirectory,
  readAll,
  removeDirectory,
  request,
  segmentFiles,
  tick,
} from "./testing/folder.ts";

const THREAD = "slipstream-log";

let directory: string;
let log: Log | undefined;
beforeEach(() => {
  directory = makeDirectory();
});
afterEach(async () => {
  await log?.close();
  log = undefined;
  removeDirectory(directory);
});

test("where the next segment cannot be made, appends are refused until it can", async () => {
  log = await openLog({ directory, segmentBytes: 1, probeIntervalMs: 20 });
  await log.append(tick(1));
  const blocked = join(directory, "log", "00000000000000000002.segment");
  mkdirSync(blocked);
  expect(await errorOf(() => log?.append(tick(2)))).toMatchObject({ code: "log_unavailable" });
  expect(log.fault).toContain("cannot be");
  rmSync(blocked, { recursive: true });
  await eventually("the log takes records again", () => log?.fault === undefined);
  expect(await log.append(tick(3))).toBe(2);
});

test("more than may wait is refused as busy, and is taken again later", async () => {
  log = await openLog({ directory, maxWaitingBytes: 100_000 });
  const results = await Promise.allSettled(
    Array.from({ length: 30 }, (_, index) => log?.append(request(index))),
  );
  const taken = results.filter(({ status }) => status === "fulfilled").length;
  expect(taken).toBeGreaterThan(5);
  expect(taken).toBeLessThan(12);
  const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  for (const reason of refused) expect(reason).toMatchObject({ code: "log_busy" });
  expect(log.fault).toBeUndefined();
  // One that is larger than all that may wait is taken where nothing else waits.
  expect(await log.append(request(1, 300_000))).toBe(taken + 1);
  const [record] = await readAll(log, positionOf(taken));
  expect(record?.kind === "traces" && record.body.length).toBe(300_000);
});

describe("the log's thread ends", () => {
  let threads: WatchedThreads;
  beforeEach(() => {
    threads = watchThreads();
  });
  afterEach(() => threads.stop());

  test("at any moment: a new one goes on, nothing acknowledged is lost, the engine sees what the log holds", async () => {
    const opened = await openLog({ directory, segmentBytes: 200_000, groupMs: 0 });
    log = opened;
    const applied: number[] = [];
    const journal = createJournal({
      log: opened,
      pipeline: collecting(({ receivedMs }, position) => applied.push(numberOf(position), receivedMs)),
      onError: (error) => expect(error).toMatchObject({ code: "log_unavailable" }),
      retryMs: 5,
    });
    const acknowledged: [number, number][] = [];
    let number = 0;
    for (let round = 1; round <= 4; round++) {
      const until = acknowledged.length + 30 * round;
      let ended = false;
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          while (acknowledged.length < until) {
            const ms = ++number;
            await journal.commit(tick(ms)).then(
              (position) => acknowledged.push([numberOf(position), ms]),
              () => new Promise((resolve) => setTimeout(resolve, 5)),
            );
            if (ended || acknowledged.length < until - 15) continue;
            ended = true;
            void threads.kill(THREAD);
          }
        }),
      );
      await eventually("a new thread has taken over", () => opened.fault === undefined);
    }
    expect(threads.named(THREAD).length).toBeGreaterThan(3);
    const last = await journal.commit(tick(++number));
    const kept = await readAll(opened);
    expect(applied).toEqual(kept.flatMap(({ position, receivedMs }) => [position, receivedMs]));
    expect(kept.map(({ position }) => position)).toEqual(kept.map((_, index) => index + 1));
    expect(kept.at(-1)?.position).toBe(last);
    for (const [position, ms] of acknowledged) expect(kept[position - 1]?.receivedMs).toBe(ms);
  });

  test("and cannot be started again: the fault says why, until it can", async () => {
    log = await openLog({ directory });
    await log.append(tick(1));
    const [file = ""] = segmentFiles(directory);
    await threads.kill(THREAD);
    rmSync(file);
    mkdirSync(file);
    await eventually("it was tried", () => log?.fault?.includes(file));
    expect(await errorOf(() => log?.append(tick(2)))).toMatchObject({ code: "log_unavailable" });
    rmSync(file, { recursive: true });
    await eventually("it goes on", () => log?.fault === undefined);
    // A position that was given is not given again, even if its record is gone.
    expect(await log.append(tick(3))).toBe(2);
  });
});

test("close commits what waits, once", async () => {
  log = await openLog({ directory, groupMs: 10_000 });
  await log.append(tick(0));
  const waiting = [1, 2, 3].map((ms) => log?.append(tick(ms)));
  await Promise.all([log.close(), log.close()]);
  expect(await Promise.all(waiting)).toEqual([2, 3, 4]);
  expect(await errorOf(() => log?.append(tick(4)))).toMatchObject({ code: "log_closed" });
  log = await openLog({ directory });
  expect((await readAll(log)).map(({ receivedMs }) => receivedMs)).toEqual([0, 1, 2, 3]);
});
