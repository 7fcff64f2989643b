import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createAggregator, type MevReport, openEmbeddedReader } from "@slipstream/aggregator";
import { type CurrentStatistics, recordOf, type StatisticValue } from "@slipstream/engine";
import type { Totals, TradeTruth, VerdictTruth } from "@slipstream/simulator";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { expect, it, onTestFinished } from "vitest";
import { startCli } from "../testing/run-cli.ts";
import { countedBy } from "./counted.ts";

type TruthLine = TradeTruth | (Totals & { readonly type: "totals" });

interface DemoLine {
  readonly msg: string;
  readonly tradesInWindow?: number;
  readonly tradesPerMinute?: number | null;
}

/** The nearest rank, as contracts define a percentile. */
function nearestRank(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
}

function latencyOf(
  { statistics }: CurrentStatistics,
  operation: string,
  quantile: string,
): StatisticValue | undefined {
  const entry = statistics.latency;
  if (entry === undefined || !("series" in entry)) return undefined;
  return entry.series.find(({ labels }) => labels.operation === operation && labels.quantile === quantile);
}

it("the demo counts what its desk did: counts and money exactly, percentiles within 0.5 %", async () => {
  const cwd = testFolder();
  const args = [
    "demo",
    "--duration",
    // No whole number of milliseconds.
    "6.0005",
    "--rate",
    "12",
    "--seed",
    "3",
    "--port",
    "0",
    "--ground-truth",
    "truth.ndjson",
  ];
  const demo = startCli(args, { cwd });
  onTestFinished(() => void demo.child.kill("SIGKILL"));
  const { code, stdout, stderr } = await demo.result;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });

  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as DemoLine);
  expect(lines[0]?.msg).toMatch(/^Alerts have shorter times here/);
  expect(lines[1]?.msg).toMatch(/^Watching http/);
  const seen = lines.filter(({ tradesInWindow = 0 }) => tradesInWindow > 0);
  expect(seen.length).toBeGreaterThan(0);
  // Not divided by a minute that has not passed.
  for (const { tradesPerMinute, tradesInWindow = 0 } of seen) {
    if (typeof tradesPerMinute === "number") expect(tradesPerMinute).toBeGreaterThan(2 * tradesInWindow);
  }
  expect(stdout).not.toContain("Reading blocks failed");
  expect(lines.at(-1)?.msg).toMatch(/^The demo ended after \d+ trades$/);

  const truth = readFileSync(join(cwd, "truth.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TruthLine);
  const trades = truth.filter((line): line is TradeTruth => line.type === "trade");
  const totals = truth.find((line) => line.type === "totals") as Totals | undefined;
  expect(trades.length).toBeGreaterThan(20);
  expect(totals?.trades).toBe(trades.length);

  // What the demo's log holds, read anew.
  const aggregator = await createAggregator({ dataDir: join(cwd, ".slipstream/demo"), port: 0 });
  onTestFinished(() => aggregator.close());
  const current = aggregator.current();
  expect(countedBy(current)).toEqual({
    success: trades.filter(({ status }) => status === "success").length,
    failed: trades.filter(({ status }) => status === "failed").length,
    priorityFeesLamports: trades.reduce(
      (sum, { priorityFeeLamports }) => sum + (priorityFeeLamports ?? 0),
      0,
    ),
    pnlMicroUsd: trades.reduce((sum, { pnlUsd }) => sum + Math.round((pnlUsd ?? 0) * 1e6), 0),
  });
  expect(current.services["trading-desk"]).toMatchObject({
    duplicate: 0,
    late: 0,
    refused: 0,
    completeness: 1,
  });

  const samples: Record<string, readonly number[]> = {
    "trade.execute": trades.map(({ latencyMs }) => latencyMs),
  };
  for (const operation of ["solana.rpc", "jupiter.quote", "jupiter.swap", "db.write"]) {
    samples[operation] = trades.flatMap(({ calls }) =>
      calls.filter((call) => call.operation === operation).map(({ durationMs }) => durationMs),
    );
  }
  for (const [operation, values] of Object.entries(samples)) {
    for (const quantile of ["0.5", "0.95", "0.99", "0.999"]) {
      const entry = latencyOf(current, operation, quantile);
      const exact = nearestRank(values, Number(quantile));
      expect(entry?.count, operation).toBe(values.length);
      expect(Math.abs(Number(entry?.value) / exact - 1), `${operation} ${quantile}`).toBeLessThanOrEqual(
        0.005,
      );
    }
  }
});

it("the demo's desk is attacked, and its aggregator finds by whom, how often, and for how much", async () => {
  const cwd = testFolder();
  const dataDir = join(cwd, ".slipstream/demo");
  const args = ["demo", "--rate", "12", "--attack-rate", "0.1", "--seed", "4", "--port", "0"];
  const demo = startCli([...args, "--ground-truth", "truth.ndjson"], { cwd });
  onTestFinished(() => void demo.child.kill("SIGKILL"));
  const [, url = ""] = await demo.printed(/Watching (http[^"]+)"/);
  await demo.printed(/"sandwiched by \w{6}…: \w+\/\w+ of \$[\d,.]+ lost .* in slot \d+/);
  const history = openEmbeddedReader(dataDir);
  const final = await eventually(
    "final verdicts",
    async () => {
      const rows = await history.rows({ table: "mev_verdicts", equal: { state: "final" } });
      const verdicts = rows.map(recordOf);
      const impacted = verdicts.filter(({ verdict }) => verdict === "impacted").length;
      return verdicts.length >= 350 && impacted >= 5 ? verdicts : undefined;
    },
    120_000,
  );
  await history.close();
  const report = (await (await fetch(`${url}/api/mev?by=protection`)).json()) as MevReport;
  expect(report.overall.impacted).toBeGreaterThanOrEqual(5);
  expect(report.attackers.length).toBeGreaterThan(1);
  demo.end("SIGTERM");
  const { code, stderr } = await demo.result;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });

  const lines = readFileSync(join(cwd, "truth.ndjson"), "utf8").trim().split("\n");
  const truths = lines.map((line) => JSON.parse(line) as TruthLine | VerdictTruth);
  const truth = new Map(
    truths.flatMap((line) => (line.type === "verdict" ? [[line.id, line] as const] : [])),
  );
  const judged = final.flatMap((found) => {
    const actual = truth.get(String(found.trade_id));
    return actual === undefined ? [] : [{ found, actual }];
  });
  expect(judged.length).toBe(final.length);
  const same = judged.filter(({ found, actual }) => found.verdict === actual.verdict);
  // The very first deeds of an attacker cannot be told from a trader's, and in so short a time they count.
  expect(same.length / judged.length).toBeGreaterThan(0.97);
  for (const verdict of ["impacted", "avoided"]) {
    const [is, was] = [judged.map(({ found }) => found), judged.map(({ actual }) => actual)].map(
      (list) => list.filter((one) => one.verdict === verdict).length / judged.length,
    );
    expect(Math.abs(Number(is) - Number(was)), verdict).toBeLessThan(0.02);
  }
  const replayed = same.filter(({ found }) => found.verdict === "impacted" && found.loss_usd !== null);
  const lost = replayed.reduce((sum, { found }) => sum + Number(found.loss_usd), 0);
  const trueLoss = replayed.reduce((sum, { actual }) => sum + actual.lossUsd, 0);
  expect(replayed.length).toBeGreaterThan(2);
  expect(Math.abs(lost / trueLoss - 1)).toBeLessThan(0.01);

  // What the demo's log holds, read anew: every total is the sum of the verdicts.
  const aggregator = await createAggregator({ dataDir, port: 0 });
  onTestFinished(() => aggregator.close());
  const metrics = await (await fetch(`${aggregator.url}/metrics`)).text();
  const again = openEmbeddedReader(dataDir);
  onTestFinished(() => again.close());
  for (const verdict of ["impacted", "avoided"]) {
    const rows = await again.rows({ table: "mev_verdicts", equal: { state: "final", verdict } });
    expect(metrics).toContain(`mev_attacks_${verdict} ${rows.length}\n`);
  }
}, 180_000);

it("a ground truth that cannot be written is told before anything runs", async () => {
  const demo = startCli(["demo", "--port", "0", "--ground-truth", "/dev/null/truth"], { cwd: testFolder() });
  const { code, stderr } = await demo.result;
  expect(code).toBe(1);
  expect(stderr).toContain("slipstream: the simulated desk:");
  expect(stderr).toContain("/dev/null");
  expect(stderr.trim()).not.toContain("\n");
});

it("the demo ends cleanly when it is told to", async () => {
  const cwd = testFolder();
  const demo = startCli(["demo", "--port", "0", "--data", "data", "--token", "s3cret"], { cwd });
  onTestFinished(() => void demo.child.kill("SIGKILL"));
  await demo.printed(/"tradesInWindow":[1-9]/);
  demo.end("SIGTERM");
  const { code, stdout, stderr } = await demo.result;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).not.toContain("s3cret");
});
