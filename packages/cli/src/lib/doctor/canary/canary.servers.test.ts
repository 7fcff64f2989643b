import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAggregator } from "@slipstream/aggregator";
import { CANARY_KEY, CANARY_SECONDS } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { scrapeConfig, startPrometheus } from "@slipstream/testing/prometheus-server";
import { startQuestDb } from "@slipstream/testing/questdb-server";
import { startRedis } from "@slipstream/testing/redis-server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "../../testing/run-cli.ts";
import type { Finding } from "../check.ts";

const closers: (() => unknown)[] = [];
let cwd: string;
let args: readonly string[];
let redis: Awaited<ReturnType<typeof startRedis>>;
let questdb: Awaited<ReturnType<typeof startQuestDb>>;
let prometheus: Awaited<ReturnType<typeof startPrometheus>>;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "slipstream-canary-"));
  closers.push(() => rmSync(cwd, { recursive: true, force: true }));
  redis = await startRedis();
  closers.push(() => redis.close());
  questdb = await startQuestDb();
  closers.push(() => questdb.close());
  const aggregator = await createAggregator({
    dataDir: join(cwd, "data"),
    port: 0,
    redis: redis.url,
    redisPrefix: "desk-a:",
    questdb: questdb.conf,
    questdbPg: questdb.pgUrl,
    questdbTablePrefix: "desk_a_",
  });
  closers.push(() => aggregator.close());
  prometheus = await startPrometheus(scrapeConfig(`127.0.0.1:${aggregator.port}`, "slipstream-aggregator"));
  closers.push(() => prometheus.close());
  args = [
    ...["doctor", "--json", "--endpoint", aggregator.url, "--data", join(cwd, "data")],
    ...["--redis", redis.url, "--redis-prefix", "desk-a:", "--prometheus", prometheus.url],
    ...["--questdb", questdb.conf, "--questdb-pg", questdb.pgUrl, "--questdb-table-prefix", "desk_a_"],
  ];
}, 120_000);
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const canaryOf = (stdout: string): readonly Finding[] =>
  (JSON.parse(stdout) as Finding[]).filter(({ check }) => check === "Canary");

it("is found in the aggregator, Redis, QuestDB and Prometheus, with the time that it took", async () => {
  const { stdout } = await runCli(args, { cwd });
  const findings = canaryOf(stdout);
  expect(findings.map(({ part, outcome }) => [part, outcome])).toEqual([
    ["endpoint", "ok"],
    ["aggregator", "ok"],
    ["redis", "ok"],
    ["questdb", "ok"],
    ["prometheus", "ok"],
  ]);
  for (const { seconds } of findings) expect(seconds).toBeGreaterThan(0);
  const traceId = /trace ([0-9a-f]{32})/.exec(findings[0]?.text ?? "")?.[1];
  const key = `desk-a:${CANARY_KEY}`;
  expect(JSON.parse(String(await redis.command("get", key)))).toMatchObject({ traceId });
  const expiryMs = Number(await redis.command("pttl", key));
  expect(expiryMs).toBeGreaterThan(0);
  expect(expiryMs).toBeLessThanOrEqual(CANARY_SECONDS * 1_000);
  const rows = await questdb.query("SELECT trace_id, service, desk FROM desk_a_canaries");
  expect(rows).toEqual([[traceId, "slipstream-doctor", null]]);
  expect(await questdb.query("SELECT count() FROM desk_a_trades")).toEqual([["0"]]);
  const times = await eventually("Prometheus has the times that doctor reported", async () => {
    const found = await prometheus.query("slipstream_canary_seconds");
    return found.length === 5 && found;
  });
  expect(times.map(({ labels: { part } }) => part).sort()).toEqual(findings.map(({ part }) => part).sort());
});

it("that does not come to a store that is away is missed there only, and doctor says why", async () => {
  questdb.pause();
  try {
    const { code, stdout } = await runCli([...args, "--wait", "8"], { cwd });
    const findings = canaryOf(stdout);
    expect(findings.filter(({ outcome }) => outcome === "bad").map(({ part }) => part)).toEqual(["questdb"]);
    expect(code).toBe(1);
  } finally {
    questdb.resume();
  }
}, 60_000);
