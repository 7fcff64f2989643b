import { historyTableNames } from "@slipstream/conventions";
import { PerformanceMonitor, type PerformanceMonitorOptions } from "@slipstream/monitor";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import type { QuestDbServer } from "@slipstream/testing/questdb-server";
import { startedQuestDb } from "@slipstream/testing/started";
import { expect, it, onTestFinished } from "vitest";
import { runCli, startCli } from "../testing/run-cli.ts";

delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;

type Row = Readonly<Record<string, unknown>>;

/** Empty where there is no table, or no folder, yet. */
async function rows(folder: string, table: string, ...from: string[]): Promise<readonly Row[]> {
  const args = ["history", table, "--json", "--limit", "100000", ...from];
  const { code, stdout, stderr } = await runCli(args, { cwd: folder });
  if (code === 1 && /no history in|does not exist|no such table/.test(stderr)) return [];
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const inQuestDb = ({ conf, pgUrl }: QuestDbServer): string[] => ["--questdb", conf, "--questdb-pg", pgUrl];

it("what a desk does stands in both stores, row by row", async () => {
  const questdb = await startedQuestDb();
  const folder = testFolder();
  const demo = ["demo", "--port", "0", "--rate", "20", "--duration", "70", ...inQuestDb(questdb)];
  const running = startCli(demo, { cwd: folder });
  const embedded = ["--data", ".slipstream/demo"];
  const remote = [...inQuestDb(questdb), "--questdb-table-prefix", "slipstream_demo_"];
  await eventually(
    "trades in the embedded store, while it is written",
    async () => (await rows(folder, "trades", ...embedded)).length > 50,
    60_000,
  );
  const { code, stderr } = await running.result;
  expect([code, stderr]).toEqual([0, ""]);
  for (const table of ["trades", "latency_percentiles"]) {
    const held = await rows(folder, table, ...embedded);
    expect(held.length).toBeGreaterThan(table === "trades" ? 500 : 4);
    // What is committed is in the tables a moment later.
    await eventually(`the same ${table}`, async () => {
      const there = await rows(folder, table, ...remote);
      return JSON.stringify(there) === JSON.stringify(held);
    });
  }
  const doctor = await runCli(["doctor", "--port", "0", ...remote], { cwd: folder });
  expect(doctor.stdout).toMatch(/QuestDB +127\.0\.0\.1:\d+ answers;/);
  expect(doctor.stdout).toContain(`${historyTableNames.length} tables of the history`);
});

async function monitored(options: PerformanceMonitorOptions): Promise<{ log: string[] }> {
  const log: string[] = [];
  const add = (line: string): void => void log.push(line);
  const logger = { info: add, warn: add, error: add };
  const monitor = new PerformanceMonitor({ allowedLatenessMs: 0, logger, ...options });
  onTestFinished(() => monitor.stop());
  await monitor.startMonitoring();
  for (let i = 0; i < 100; i += 1) {
    monitor.recordTradeExecution(performance.now() - 5, i % 10 !== 0, { pair: "SOL/USDC", pnlUsd: i / 3 });
  }
  await monitor.stop();
  return { log };
}

it("a monitor by itself writes its trades to QuestDB", async () => {
  const questdb = await startedQuestDb();
  const folder = testFolder();
  await monitored({ questdb: questdb.conf, questdbPg: questdb.pgUrl });
  const found = await eventually("100 trades", async () => {
    const trades = await rows(folder, "trades", ...inQuestDb(questdb));
    return trades.length === 100 && trades;
  });
  expect(new Set(found.map((row) => row.pnl_usd)).size).toBe(100);
  expect(found.filter(({ status }) => status === "failed")).toHaveLength(10);

  // The aggregator that it exports to writes them, not this process.
  const { log } = await monitored({
    questdb: questdb.conf,
    questdbPg: questdb.pgUrl,
    endpoint: "http://127.0.0.1:1",
  });
  expect(log.some((line) => line.includes("writes QuestDB, so this process does not"))).toBe(true);
  expect(await rows(folder, "trades", ...inQuestDb(questdb))).toHaveLength(100);
});

it("a monitor writes through the service's own client", async () => {
  const questdb = await startedQuestDb();
  const { Sender } = await import("@questdb/nodejs-client");
  const sender = await Sender.fromConfig(`${questdb.conf}auto_flush=off;`, { log: () => {} });
  onTestFinished(() => sender.close());
  const { log } = await monitored({ questdb: sender });
  expect(log).toEqual(["Writing the history to QuestDB works"]);
  const found = await eventually("100 trades", async () => {
    const url = questdb.conf.replace("http::addr=", "http://").replace(";", "");
    const answer = await fetch(`${url}/exec?query=SELECT+count(),count_distinct(span_id)+FROM+trades`);
    const { dataset } = (await answer.json()) as { dataset?: number[][] };
    return dataset?.[0]?.[0] === 100 && dataset[0];
  });
  expect(found).toEqual([100, 100]);
});
