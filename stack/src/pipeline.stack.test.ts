import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { eventually } from "@slipstream/testing/eventually";
import { panelQueries } from "slipstream-grafana";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allParts } from "./parts/list.ts";
import { portOf, type Setting } from "./parts/part.ts";
import { type Stack, startStack } from "./run/stack.ts";
import { type Guard, startGuard } from "./testing/guard/guard.ts";
import { countsIn, exactCounts } from "./testing/pipeline/counts.ts";
import { diagnosed } from "./testing/pipeline/doctor.ts";
import { totalsOf, tradesOf } from "./testing/pipeline/ground-truth.ts";
import { searches, traceOf, traces } from "./testing/pipeline/jaeger-api.ts";
import { exemplarTraces, queried } from "./testing/pipeline/prometheus-api.ts";
import { rowsOf } from "./testing/pipeline/questdb-api.ts";
import { startWebhook, type Webhook } from "./testing/pipeline/webhook.ts";

const repository = join(import.meta.dirname, "../..");
const LONG_MS = 240_000;
const POLL_MS = 500;

/** Panels that show what goes wrong, or what takes hours to know: in a healthy system, some of their queries have no answer. */
const mayBeEmpty = [
  "Lost by the Collector",
  "Return of higher fees",
  "Return of higher fees over time",
  "Sent to the wrong place, or left out",
  "Trades of unknown outcome",
  "Values refused",
  "Why verdicts are unknown",
];

const folder = mkdtempSync(join(tmpdir(), "slipstream-stack-"));
const truth = join(folder, "truth.ndjson");
let stack: Stack;
let setting: Setting;
let webhook: Webhook;
let guard: Guard;

beforeAll(async () => {
  guard = startGuard(folder);
  webhook = await startWebhook(repository, folder);
  stack = await startStack({
    repository,
    data: join(folder, "data"),
    all: allParts,
    parts: allParts,
    ports: { free: true, named: {} },
    progress: { line: (text) => console.log(text), during: (_, work) => work },
    // The node becomes slow, and then fails for so long that Prometheus sees the breaker open.
    simulator: [
      ...["--rate=8", "--seed=7", "--attack-rate=0.3", `--ground-truth=${truth}`],
      "--weather=calm:20,slow-node:20,failing-node:60,calm",
    ],
    alertmanagerConfig: webhook.config,
    env: {
      collector: { SLIPSTREAM_SAMPLING_WAIT: "2s" },
      // What the aggregator reports, Prometheus's alerts are muted by.
      aggregator: { STACK_ALERTMANAGER_URL: "" },
    },
  });
  setting = stack.setting;
}, LONG_MS);

afterAll(async () => {
  await stack?.stop();
  webhook?.close();
  await guard?.end();
}, LONG_MS);

test("all parts serve, and Prometheus scrapes all that it is to scrape", async () => {
  for (const part of allParts) expect(await part.isHealthy(setting), part.name).toBe(true);
  const jobs = ["alertmanager", "otel-collector", "prometheus", "slipstream-aggregator", "trace-store"];
  await eventually(
    "every target is up",
    async () => (await queried(setting, "up == 1")).length === jobs.length,
    LONG_MS,
  );
  const up = await queried(setting, "up");
  expect(up.map(({ metric }) => metric.job).sort()).toEqual(jobs);
});

test("slipstream doctor finds every part, and its canary in each", async () => {
  const { code, findings } = await diagnosed(setting);
  expect({ code, bad: findings.filter(({ outcome }) => outcome === "bad") }).toEqual({ code: 0, bad: [] });
  const fine = findings.flatMap(({ outcome, check }) => (outcome === "ok" ? [check] : []));
  const parts = ["Aggregator", "Redis", "QuestDB", "Collector", "Prometheus", "Alertmanager", "Trace store"];
  expect(fine).toEqual(expect.arrayContaining(parts));
  const places = findings.flatMap(({ part = "", seconds }) => (seconds === undefined ? [] : [part]));
  expect(places.sort()).toEqual(["aggregator", "endpoint", "prometheus", "questdb", "redis", "traces"]);
});

test("the trace of a named trade has the trade's steps and its verdict", async () => {
  const trade = await eventually(
    "a trade with a slot",
    () => tradesOf(truth).find(({ status, slot }) => status === "success" && slot !== null),
    LONG_MS,
  );
  const steps = [
    "trade.execute",
    "jupiter.quote",
    "jupiter.swap",
    "solana.simulate",
    "solana.sign",
    "solana.submit",
    "solana.confirm",
    "solana.rpc",
    "db.write",
    "mev.verdict",
  ];
  const search = { service: "trading-desk", tags: JSON.stringify({ "trade.id": trade.id }) };
  const trace = await eventually(
    "its trace is whole",
    async () => {
      const [found] = await traces(setting, search);
      const names = found?.spans.map(({ operationName }) => operationName) ?? [];
      return steps.every((step) => names.includes(step)) && found;
    },
    LONG_MS,
  );
  const tags = trace.spans.flatMap((span) => span.tags.map(({ key, value }) => [key, value]));
  expect(tags).toContainEqual(["solana.signature", trade.signature]);
  expect(tags).toContainEqual(["solana.slot", trade.slot]);
  const verdict = trace.spans.find(({ operationName }) => operationName === "mev.verdict");
  expect(verdict?.warnings ?? []).toEqual([]);
});

test("twenty exemplars on /metrics lead to traces that the store has", async () => {
  const query = 'trade_execution_latency_seconds_bucket{job="slipstream-aggregator"}';
  const more = '{__name__=~".+_bucket",job="slipstream-aggregator"}';
  const ids = await eventually(
    "there are twenty",
    async () => {
      const found = new Set([
        ...(await exemplarTraces(setting, query)),
        ...(await exemplarTraces(setting, more)),
      ]);
      return found.size >= 20 && [...found].slice(0, 20);
    },
    LONG_MS,
  );
  for (const id of ids)
    await eventually(`trace ${id} is there`, async () => (await traceOf(setting, id)) !== undefined, LONG_MS);
  expect(ids).toHaveLength(20);
});

test("an alert of Prometheus's reaches a receiver through Alertmanager", async () => {
  const alert = await eventually(
    "the breaker's alert comes",
    () => webhook.alerts.find(({ labels }) => labels.alertname === "circuit-breaker-open"),
    LONG_MS,
  );
  expect(alert.labels).toMatchObject({ source: "prometheus", severity: "critical" });
});

test("every query of every panel of every dashboard is answered with data of its form", async () => {
  const unanswered = await eventually(
    "all panels have data",
    async () => {
      const empty = await emptyPanels();
      const unexpected = empty.filter(({ panel }) => !mayBeEmpty.includes(panel));
      if (unexpected.length > 0)
        throw new Error(unexpected.map(({ panel, expression }) => `${panel}: ${expression}`).join("\n"));
      return { empty };
    },
    LONG_MS,
  );
  expect(unanswered.empty.length).toBeLessThan(20);
});

test(
  "after the Collector, the aggregator and the trace store were killed, all counts are those of the desk",
  async () => {
    await killed("collector");
    kill("aggregator");
    // What it would have got waits in the Collector's queue on the disk. A Collector that is killed now must not forget it.
    await eventually("spans wait", async () => (await waitingSpans()) > 50, LONG_MS);
    await killed("collector");
    await killed("jaeger");
    await stack.part("simulator").stop();
    const totals = totalsOf(truth);
    expect(tradesOf(truth)).toHaveLength(totals.trades);
    // The canary of the test before.
    const exact = exactCounts(totals, 1);
    const found = await settled(() => countsIn(setting), exact);
    expect(found).toEqual(exact);
  },
  3 * LONG_MS,
);

interface EmptyQuery {
  readonly panel: string;
  readonly expression: string;
}

/** The queries without an answer. @throws Error if one is refused, or its answer has another form */
async function emptyPanels(): Promise<readonly EmptyQuery[]> {
  const to = new Date();
  const from = new Date(to.getTime() - 15 * 60_000);
  const aggregator = `127.0.0.1:${portOf(setting, "aggregator")}`;
  const panels = panelQueries({ aggregator, from, to, rateSeconds: 60 });
  const empty: EmptyQuery[] = [];
  for (const { panel, source, expressions } of panels) {
    for (const expression of expressions) {
      const rows = await answersOf(source, expression);
      if (rows === 0) empty.push({ panel, expression });
    }
  }
  return empty;
}

async function answersOf(source: string, expression: string): Promise<number> {
  if (source === "metrics") {
    const samples = await queried(setting, expression);
    for (const { value, histogram, metric } of samples) {
      if (value === undefined && histogram === undefined) throw new Error(`${expression}: no value`);
      if (/\bby \([^)]*\ble\b[^)]*\)/.test(expression) && !/histogram_quantile/.test(expression))
        expect(metric, expression).toHaveProperty("le");
    }
    return samples.length;
  }
  if (source === "traces") {
    const services = ["trading-desk", "slipstream-aggregator"];
    const found = await Promise.all(
      searches(expression).flatMap((search) =>
        services.map((service) => traces(setting, { ...search, service })),
      ),
    );
    return found.flat().length;
  }
  return (await rowsOf(setting, expression)).length;
}

/** What is read once it is as it should be, or what it is after a long time. */
async function settled<T>(read: () => Promise<T>, exact: T): Promise<T> {
  const deadline = performance.now() + LONG_MS;
  for (;;) {
    const found = await read();
    if (isDeepStrictEqual(found, exact) || performance.now() > deadline) return found;
    await sleep(POLL_MS);
  }
}

/** Kills a part with SIGKILL. The runner starts it again. @returns its pid */
function kill(name: string): number {
  const { pid } = stack.part(name);
  if (pid === undefined) throw new Error(`${name} does not run.`);
  process.kill(pid, "SIGKILL");
  return pid;
}

/** Kills a part, and waits until it serves again and the desk has gone on trading. */
async function killed(name: string): Promise<void> {
  const before = tradesOf(truth).length;
  const pid = kill(name);
  const part = stack.part(name);
  await eventually(
    `${name} serves again`,
    async () => part.pid !== undefined && part.pid !== pid && (await part.part.isHealthy(setting)),
    LONG_MS,
  );
  await eventually("the desk trades on", () => tradesOf(truth).length > before + 20, LONG_MS);
}

/** How many spans for the aggregator are in the Collector's queue. */
async function waitingSpans(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${portOf(setting, "collector-metrics")}/metrics`);
  const size = /^otelcol_exporter_queue_size\{data_type="traces",exporter="otlp_http\/aggregator"\} (\d+)$/m;
  return Number(size.exec(await response.text())?.[1]);
}
