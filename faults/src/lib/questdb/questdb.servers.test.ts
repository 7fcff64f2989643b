import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { HistoryTableName } from "@slipstream/conventions";
import { type HistoryRow, recordOf } from "@slipstream/engine";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import type { QuestDbServer } from "@slipstream/testing/questdb-server";
import { startedQuestDb } from "@slipstream/testing/started";
import { expect, onTestFinished, test } from "vitest";
import { bin } from "../aggregator/process.ts";
import { readServed } from "../aggregator/read.ts";
import { rssMiB } from "../aggregator/rss.ts";
import { type Rows, readStoredHistory, rowsOf } from "../aggregator/stored-history.ts";
import { ChainSide } from "../chain/chain-side.ts";
import { verdictCountsAt } from "../chain/counts.ts";
import { verify } from "../crash/verify.ts";
import type { Batch } from "../load/batch.ts";
import { bulkTrades } from "../load/bulk.ts";
import { backlogLoad } from "../load/loads.ts";
import { post, Sender } from "../sender.ts";
import { supervised } from "../testing/supervised.ts";
import { questDbEnv, remoteRows } from "./remote-rows.ts";

/** Waits until QuestDB holds the very rows of a data directory. */
async function filled(questdb: QuestDbServer, data: string, table: HistoryTableName): Promise<Rows> {
  let counts = "";
  const compare = async (): Promise<Rows | false> => {
    const stored = rowsOf(readStoredHistory(data), table);
    const there = await remoteRows(questdb, table);
    counts = `${there.length} of ${stored.length}`;
    return JSON.stringify(there) === JSON.stringify(stored) && stored;
  };
  return eventually(`the same ${table}`, compare, 120_000).catch((error: Error) => {
    throw new Error(`${error.message}: ${counts}`);
  });
}

async function tradesIn(questdb: QuestDbServer): Promise<number> {
  return Number((await questdb.query("SELECT count() FROM trades"))[0]?.[0]);
}

/** As a user reads it. */
async function printed(args: readonly string[]): Promise<unknown[]> {
  const all = [bin, "history", "mev_verdicts", "--json", "--limit", "100000", ...args];
  const { stdout } = await promisify(execFile)(process.execPath, all, { maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout) as unknown[];
}

function countBy(rows: readonly HistoryRow[], column: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const value = String(recordOf(row)[column]);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

test("verdicts of an aggregator that reads a folder of blocks stand in QuestDB, late ones in their row", async () => {
  const folder = testFolder();
  const data = join(folder, "data");
  const questdb = await startedQuestDb();
  const plan = { source: "folder", missing: 0.01, faults: 0, lateAt: 0.5, kills: [], unplaced: 0 } as const;
  const side = await ChainSide.start(41, folder, plan);
  const supervisor = supervised(data, { ...questDbEnv(questdb), ...side.env });
  const load = backlogLoad(41, 80, { onChain: side.chain.trades });
  const sender = new Sender({ load, url: () => supervisor.url() });
  await sender.run();
  const url = await supervisor.url();
  const { slots } = side.chain;
  side.chain.copyTo(side.folder, 0, slots[Math.floor(slots.length / 2)] ?? 0);

  const early = await eventually(
    "provisional and final verdicts in QuestDB",
    async () => {
      const rows = await remoteRows(questdb, "mev_verdicts");
      const { provisional = 0, final = 0 } = countBy(rows, "state");
      const { all } = await verdictCountsAt(url);
      return provisional > 10 && final > 10 && provisional + final === all && rows;
    },
    60_000,
  );
  // Killed between the two: the rows of before stay, and are written over.
  await supervisor.interrupt({ afterMs: 0, acknowledged: 0, signal: "SIGKILL", startKills: [], changes: {} });
  await side.arrive(sender, load);
  await side.settle(supervisor, load.made, data);

  const rows = await filled(questdb, data, "mev_verdicts");
  expect(rows.length).toBe(early.length);
  const [counts] = await questdb.query("SELECT count(), count_distinct(trade_id) FROM mev_verdicts");
  expect(counts?.map(Number)).toEqual([rows.length, rows.length]);
  expect(countBy(rows, "verdict")).toMatchObject({ impacted: expect.any(Number), clean: expect.any(Number) });
  await filled(questdb, data, "trades");
  const [embedded, remote] = await Promise.all([
    printed(["--data", data]),
    printed(["--questdb", questdb.conf, "--questdb-pg", questdb.pgUrl]),
  ]);
  expect(remote).toEqual(embedded);
  expect(remote).toHaveLength(rows.length);
});

const HANG_SECONDS = Number(process.env.SLIPSTREAM_HANG_SECONDS ?? 20);
const TRADES = 250;
const EVERY_MS = 250;

test(
  `QuestDB hangs for ${HANG_SECONDS} s under load: intake unaffected, memory bounded, all of it there in the end`,
  async () => {
    const data = join(testFolder(), "data");
    const questdb = await startedQuestDb();
    const supervisor = supervised(data, questDbEnv(questdb));
    const url = await supervisor.url();
    const startMs = Date.now() - 6 * 3_600_000;
    const sent: Batch[] = [];
    /** Sends for so long; gives how long answers took, ms, ascending. */
    const load = async (seconds: number): Promise<number[]> => {
      const took: number[] = [];
      for (const endMs = performance.now() + seconds * 1_000; performance.now() < endMs; ) {
        const batch = bulkTrades({
          index: sent.length,
          first: sent.length * TRADES,
          trades: TRADES,
          fromMs: startMs + sent.length * 1_000,
          stepMs: 4,
        });
        sent.push(batch);
        const fromMs = performance.now();
        expect(await post(url, batch)).toBe(200);
        took.push(performance.now() - fromMs);
        await sleep(Math.max(0, EVERY_MS - (performance.now() - fromMs)));
      }
      return took.sort((a, b) => a - b);
    };

    const before = await load(15);
    await eventually("QuestDB is filled", async () => (await tradesIn(questdb)) > 0);
    const rssBefore = rssMiB(supervisor.pid);
    questdb.pause();
    onTestFinished(() => questdb.resume());
    const hung = await load(HANG_SECONDS);
    const rssHung = rssMiB(supervisor.pid);
    const { up, queueItems, dropped } = await questDbSink(url);
    // Before a minute without trades has passed.
    const served = await readServed(url);
    questdb.resume();
    const fromMs = performance.now();
    // The last trades are in the folder some seconds after they came.
    await eventually(
      "all are stored",
      () => rowsOf(readStoredHistory(data), "trades").length >= sent.length * TRADES,
    );
    const rows = await filled(questdb, data, "trades");
    const p = (times: readonly number[], q: number): string =>
      `${times[Math.ceil(q * times.length) - 1]?.toFixed(0)}`;
    console.log(
      `QuestDB hung for ${HANG_SECONDS} s of ${Math.round((hung.length * TRADES) / HANG_SECONDS)} trades/s: ` +
        `answers P50 ${p(before, 0.5)} -> ${p(hung, 0.5)} ms, P99 ${p(before, 0.99)} -> ${p(hung, 0.99)} ms; ` +
        `RSS ${rssBefore.toFixed(0)} -> ${rssHung.toFixed(0)} MiB; ${queueItems} rows waited, ${dropped} dropped; ` +
        `${rows.length} rows there ${((performance.now() - fromMs) / 1_000).toFixed(1)} s after`,
    );
    // The first requests that hang are noticed by their timeout.
    if (HANG_SECONDS >= 60) expect(up).toBe(false);
    expect(dropped).toBe(0);
    expect(queueItems).toBeGreaterThan(TRADES);
    expect(rssHung - rssBefore).toBeLessThan(128);
    expect(rows).toHaveLength(sent.length * TRADES);
    expect(await tradesIn(questdb)).toBe(rows.length);
    await supervisor.end("SIGTERM");
    expect(await verify({ data, sent, served, backlog: true })).toEqual([]);
  },
  600_000 + 2_000 * HANG_SECONDS,
);

interface SinkStatus {
  readonly up: boolean | null;
  readonly queueItems: number;
  readonly dropped: number;
}

async function questDbSink(url: string): Promise<SinkStatus> {
  const { sinks } = (await (await fetch(`${url}/readyz`)).json()) as { sinks: { questdb: SinkStatus } };
  return sinks.questdb;
}
