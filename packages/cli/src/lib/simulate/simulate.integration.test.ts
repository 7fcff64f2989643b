import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Aggregator, createAggregator, openEmbeddedReader } from "@slipstream/aggregator";
import { type CurrentStatistics, recordOf } from "@slipstream/engine";
import type { Summary, TradeTruth, VerdictTruth } from "@slipstream/simulator";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { freePort } from "slipstream-stack/free-port";
import { expect, it, onTestFinished } from "vitest";
import { runCli, startCli } from "../testing/run-cli.ts";

const anyPorts = ["--rpc-port", "0", "--jupiter-port", "0"];

function parseLines(text: string): readonly Record<string, unknown>[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function readTruth(file: string): { trades: TradeTruth[]; verdicts: VerdictTruth[]; totals: Summary } {
  const lines = parseLines(readFileSync(file, "utf8"));
  const of = (type: string): unknown[] => lines.filter((line) => line.type === type);
  const [totals] = of("totals") as Summary[];
  if (totals === undefined) throw new Error("the ground truth has no totals");
  return { trades: of("trade") as TradeTruth[], verdicts: of("verdict") as VerdictTruth[], totals };
}

/** The value with these labels; 0 if there is none. */
function labelled(
  entry: CurrentStatistics["statistics"][string] | undefined,
  labels: Record<string, string>,
): unknown {
  if (entry === undefined || !("series" in entry)) return 0;
  const found = entry.series.find((one) =>
    Object.entries(labels).every(([name, value]) => one.labels[name] === value),
  );
  return found?.value ?? 0;
}

it("an aggregator that starts later counts exactly what the simulator did, and judges its trades by its chain", async () => {
  const cwd = testFolder();
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ["simulate", "--endpoint", endpoint, ...anyPorts, "--json", "--weather", "calm"];
  const desk = ["--rate", "12", "--attack-rate", "0.4", "--duration", "14", "--linger", "30"];
  const simulator = startCli([...args, ...desk, "--ground-truth", "truth.ndjson"], { cwd });
  onTestFinished(() => void simulator.child.kill("SIGKILL"));
  const ready = parseLines((await simulator.printed(/^.*\n/))[0])[0] ?? {};
  expect(ready).toMatchObject({ type: "ready", service: "trading-desk", receiver: endpoint });
  const rpcUrl = String(ready.rpcUrl);
  expect(await (await fetch(`${rpcUrl}/health`)).text()).toBe("ok");

  // It has traded into the void until now.
  const dataDir = join(cwd, "data");
  const aggregator = await createAggregator({ dataDir, port, rpcUrl });
  onTestFinished(() => aggregator.close());
  const { code, stdout, stderr } = await simulator.result;
  expect({ code, warned: /"level":[45]0/.test(stderr.replaceAll(/.*Cannot send.*\n/g, "")) }).toEqual({
    code: 0,
    warned: false,
  });
  const { trades, verdicts, totals } = readTruth(join(cwd, "truth.ndjson"));
  expect(parseLines(stdout).at(-1)).toEqual(totals);
  expect(totals.telemetry).toMatchObject({ exportedSpans: totals.spans, droppedSpans: 0, rejectedSpans: 0 });
  expect(trades).toHaveLength(totals.trades);

  await countedExactly(aggregator, totals);
  const { impacted, avoided, clean } = totals.mev;
  expect(impacted + avoided + clean).toBe(verdicts.length);
  const history = openEmbeddedReader(dataDir);
  onTestFinished(() => history.close());
  const rows = await history.rows({ table: "mev_verdicts", equal: { state: "final" } });
  const judged = rows.map(recordOf);
  expect(judged).toHaveLength(verdicts.length);
  const truth = new Map(verdicts.map((verdict) => [verdict.id, verdict.verdict]));
  const right = judged.filter(({ trade_id, verdict }) => truth.get(String(trade_id)) === verdict);
  expect(right.length / judged.length).toBeGreaterThan(0.95);
}, 120_000);

async function countedExactly(aggregator: Aggregator, totals: Summary): Promise<void> {
  await eventually("all trades", () => {
    const { statistics } = aggregator.current();
    const counted = (["success", "failed"] as const).map((status) => labelled(statistics.trades, { status }));
    return Number(counted[0]) + Number(counted[1]) === totals.trades;
  });
  const { statistics, services } = aggregator.current();
  expect(labelled(statistics.trades, { status: "success" })).toBe(totals.success);
  expect(labelled(statistics.trades, { status: "failed" })).toBe(totals.failed);
  expect(services["trading-desk"]).toMatchObject({ received: totals.spans, duplicate: 0, completeness: 1 });
  for (const [pair, { buy, sell }] of Object.entries(totals.pairs)) {
    for (const status of ["success", "failed"] as const) {
      const counted = labelled(statistics.trades_by_pair, { pair, status });
      expect(counted, `${pair} ${status}`).toBe(buy[status] + sell[status]);
    }
  }
}

it("it goes on without a receiver, says so once, and reports at the end what was lost", async () => {
  const simulator = startCli(["simulate", "--endpoint", "http://127.0.0.1:1", ...anyPorts], {
    cwd: testFolder(),
  });
  onTestFinished(() => void simulator.child.kill("SIGKILL"));
  await simulator.printed(/^Slipstream simulator ready: trading-desk \(sim-1-\w+\) trades\n/);
  await eventually("a warning", () => simulator.stderr().includes("Cannot send telemetry"));
  simulator.end("SIGINT");
  const { code, stdout, stderr } = await simulator.result;
  expect(code).toBe(1);
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
    /^Ended after [\d.]+ s: \d+ trades? .* dropped, 0 refused\.$/,
  );
  expect(stderr.match(/Cannot send telemetry/g)).toHaveLength(1);
  expect(stderr).toMatch(/slipstream: [\d,]+ spans? did not arrive: /);
});

it("a port in use, a weather that there is not, and a file that cannot be written end it with one line", async () => {
  const cwd = testFolder();
  const first = startCli(["simulate", ...anyPorts, "--json"], { cwd });
  onTestFinished(() => void first.child.kill("SIGKILL"));
  const [line] = await first.printed(/^.*\n/);
  const port = new URL(String(parseLines(line)[0]?.rpcUrl)).port;
  const wrong = [
    [["--rpc-port", port, "--jupiter-port", "0"], 2, `--rpc-port: port ${port} on 127.0.0.1 is in use`],
    [[...anyPorts, "--host", "192.0.2.1"], 2, "--host: cannot listen on 192.0.2.1"],
    [[...anyPorts, "--questdb", "secret"], 2, "--questdb: must be a configuration string"],
    [[...anyPorts, "--weather", "sunny"], 2, "--weather: must be one of changing"],
    [[...anyPorts, "--ground-truth", "/dev/null/truth"], 1, "/dev/null"],
  ] as const;
  for (const [args, code, message] of wrong) {
    const result = await runCli(["simulate", ...args], { cwd });
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(`slipstream: `);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain("secret");
    expect(result.stderr.trim()).not.toContain("\n");
  }
}, 120_000);
