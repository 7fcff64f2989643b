import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Aggregator,
  createAggregator,
  explainTrade,
  type MevReport,
  openEmbeddedReader,
  replayLog,
} from "@slipstream/aggregator";
import { semconv } from "@slipstream/conventions";
import { BY_RECEIPT, type CurrentStatistics } from "@slipstream/engine";
import { decodeBlock, type Verdict, VerdictTracker, wholeSlot } from "@slipstream/mev";
import { openMevWorld, recordMevWorld, type TradeSpan } from "@slipstream/simulator";
import { parseBlockText } from "@slipstream/solana/block";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../testing/run-cli.ts";

const trades = Number(process.env.SLIPSTREAM_MEV_TRADES ?? 400);
/** A trade each 10 s or so. */
const days = trades / 8_000;

test("a desk in a world of attackers is told what it met, over a restart, as if it had been judged at once", async () => {
  const folder = testFolder();
  const world = openMevWorld({ seed: 11, trades, days, attackRate: 0.15 });
  await recordMevWorld(world, folder);
  const spans = linesOf<TradeSpan>(join(folder, "trades.ndjson"));
  const direct = judge(join(folder, "blocks"), spans);

  const dataDir = join(folder, "data");
  const half = Math.floor(spans.length / 2);
  const first = await start(dataDir, join(folder, "blocks"));
  await send(first, spans.slice(0, half));
  // In the middle of the first half's verdicts.
  await eventually("some verdicts", () => finalOf(first) > half / 4, 120_000);
  await first.close();

  const second = await start(dataDir, join(folder, "blocks"));
  await send(second, spans.slice(half));
  // What was sent before the restart and is sent again counts once.
  await send(second, spans.slice(half - 50, half));
  await eventually("every verdict", () => finalOf(second) === direct.size, 240_000);
  const counted = totalsOf(second);
  const metrics = await (await fetch(`${second.url}/metrics`)).text();
  const current = second.current();
  const report = await eventually("a report of every verdict", async () => {
    const query = "from=2026-01-01&to=2027-01-01&by=protection";
    const answer = (await (await fetch(`${second.url}/api/mev?${query}`)).json()) as MevReport;
    const { impacted, avoided, clean } = answer.overall;
    return impacted + avoided + clean === direct.size ? answer : undefined;
  });
  const advice = await fetch(
    `${second.url}/api/advice?pair=SOL/USDC&sizeUsd=500&urgency=normal&from=2026-01-01`,
  );
  expect(advice.status).toBe(200);
  expect(await advice.json()).toMatchObject({ pair: "SOL/USDC", trades: expect.any(Number) });
  await second.close();

  const expected = { impacted: 0, avoided: 0, clean: 0, unknown: 0 };
  for (const { verdict } of direct.values()) expected[verdict] += 1;
  expect(expected.impacted).toBeGreaterThan(5);
  expect(expected.clean).toBeGreaterThan(trades / 2);
  expect(counted).toEqual(expected);
  expect(metrics).toContain(`mev_attacks_impacted ${expected.impacted}\n`);
  expect(metrics).toContain(`mev_attacks_avoided ${expected.avoided}\n`);
  const losses = spans.reduce((sum, { attributes }) => {
    const { loss } = direct.get(String(attributes["trade.id"])) ?? { loss: null };
    return sum + (loss?.ratio ?? 0) * Number(attributes["trade.size_usd"]);
  }, 0);
  expect(numberIn(current.statistics.mev_loss_usd)).toBeCloseTo(losses, 2);
  expect(report.overall).toMatchObject({ impacted: expected.impacted, avoided: expected.avoided });
  expect(report.overall.loss.usd.total.value).toBeCloseTo(losses, 4);
  const span = ["--from", "2026-01-01", "--to", "2027-01-01", "--data", dataDir];
  await expectExplained(dataDir, direct);
  const { code, stdout } = await runCli(["mev", "report", ...span], { cwd: folder });
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining(`${expected.impacted} impacted, ${expected.avoided} avoided`),
  ]);
  expect(stdout).toContain("Who took it");
  const asJson = await runCli(["mev", "report", "--by", "protection", ...span, "--json"], { cwd: folder });
  expect(JSON.parse(asJson.stdout).overall).toEqual(report.overall);
  const advise = ["mev", "advise", "--pair", "SOL/USDC", "--size", "500", ...span, "--json"];
  const told = await runCli([...advise, "--slippage-bps", "50"], { cwd: folder });
  expect(JSON.parse(told.stdout)).toMatchObject({
    pair: "SOL/USDC",
    slippageBps: 50,
    trades: expect.any(Number),
  });
  const wrong = await runCli([...advise, "--slippage-bps", "1%"], { cwd: folder });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("--slippage-bps") });
  expect(ofTraffic(replayLog(dataDir).current.statistics)).toEqual(ofTraffic(current.statistics));
}, 600_000);

/** Without what goes on changing until the aggregator ends: its reports of itself, and how long services have been silent. */
function ofTraffic(statistics: CurrentStatistics["statistics"]): CurrentStatistics["statistics"] {
  return Object.fromEntries(Object.entries(statistics).filter(([name]) => !BY_RECEIPT.has(name)));
}

/** Judged again from the log, with what was known then, every verdict is what it was. */
async function expectExplained(dataDir: string, direct: ReadonlyMap<string, Verdict>): Promise<void> {
  const history = openEmbeddedReader(dataDir);
  onTestFinished(() => history.close());
  const attacked = [...direct].filter(([, { verdict }], at) => verdict !== "clean" || at % 10 === 0);
  for (const [id, { verdict, loss }] of attacked) {
    const explanation = await explainTrade({ history, log: dataDir }, id);
    expect([id, explanation.judgedAgain, explanation.source]).toEqual([id, null, "log"]);
    expect(explanation.verdict).toMatchObject({ verdict, state: "final" });
    expect(explanation.verdict.loss?.atoms).toBe(loss === null ? undefined : String(loss.atoms));
    expect(explanation.notes).toEqual([]);
    const [own] = explanation.swaps.filter(({ role }) => role === "own");
    expect(own?.signature).toBe(explanation.trade.signature);
  }
}

function start(dataDir: string, blocksDir: string): Promise<Aggregator> {
  return createAggregator({ dataDir, blocksDir, port: 0, checkpointItems: 100 }).then((aggregator) => {
    onTestFinished(() => aggregator.close());
    return aggregator;
  });
}

/** The final verdicts of one who has all blocks and trades before him, in order. */
function judge(blocks: string, spans: readonly TradeSpan[]): Map<string, Verdict> {
  const tracker = new VerdictTracker();
  const verdicts = new Map<string, Verdict>();
  const bySlot = new Map<number, TradeSpan[]>();
  for (const span of spans) {
    const slot = Number(span.attributes["solana.slot"] ?? -1);
    bySlot.set(slot, [...(bySlot.get(slot) ?? []), span]);
  }
  const slots = readdirSync(blocks)
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
  for (const slot of slots) {
    const text = readFileSync(join(blocks, `${slot}.json`), "utf8");
    if (text === "null\n") tracker.addSkipped(slot);
    else {
      const block = parseBlockText(text);
      tracker.addSlot(wholeSlot(decodeBlock(block, slot)));
    }
    for (const { attributes } of bySlot.get(slot) ?? []) {
      const isProtected = attributes["mev.protection"] !== "none";
      const signature = String(attributes["solana.signature"]);
      tracker.addTrade({ id: String(attributes["trade.id"]), signature, slot, isProtected });
    }
    tracker.finalize(slot);
    for (const verdict of tracker.take())
      if (verdict.state === "final") verdicts.set(verdict.tradeId, verdict);
  }
  return verdicts;
}

/** As a real exporter sends them: OTLP over HTTP, some at a time. */
async function send(aggregator: Aggregator, spans: readonly TradeSpan[]): Promise<void> {
  for (let from = 0; from < spans.length; from += 64) {
    const response = await fetch(`${aggregator.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        resourceSpans: [
          {
            resource: { attributes: [{ key: semconv.serviceName, value: { stringValue: "desk" } }] },
            scopeSpans: [{ spans: spans.slice(from, from + 64).map(otlpSpan) }],
          },
        ],
      }),
    });
    expect(response.status).toBe(200);
  }
}

function otlpSpan({ name, startMs, endMs, attributes }: TradeSpan): object {
  const id = createHash("sha256").update(String(attributes["trade.id"])).digest("hex");
  return {
    traceId: id.slice(0, 32),
    spanId: id.slice(32, 48),
    name,
    kind: 1,
    startTimeUnixNano: `${Math.round(startMs * 1_000)}000`,
    endTimeUnixNano: `${Math.round(endMs * 1_000)}000`,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) })),
  };
}

function otlpValue(value: string | number | boolean): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function totalsOf(aggregator: Aggregator): Record<string, number> {
  const entry = aggregator.current().statistics.mev_trades;
  const totals: Record<string, number> = {};
  for (const { labels, value } of entry !== undefined && "series" in entry ? entry.series : []) {
    if (labels.state === "final") totals[labels.verdict ?? ""] = Number(value);
  }
  return totals;
}

function finalOf(aggregator: Aggregator): number {
  return Object.values(totalsOf(aggregator)).reduce((sum, count) => sum + count, 0);
}

function numberIn(entry: unknown): number {
  return typeof entry === "object" && entry !== null && "value" in entry ? Number(entry.value) : Number.NaN;
}

function linesOf<T>(file: string): T[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}
