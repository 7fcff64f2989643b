import { DatabaseSync } from "node:sqlite";
import { Desks, Engine } from "@slipstream/engine";
import { expect, it, onTestFinished } from "vitest";
import { createMemoryDashboards } from "../dashboards/memory-dashboards.ts";
import { EmbeddedHistory } from "../history/embedded-history.ts";
import { anyRow, latencyRow, START_MS } from "../history/testing/rows.ts";
import { startServer } from "../server/server.ts";
import { apiDesks } from "./desk.ts";
import { historyRoute } from "./history.ts";
import { rowStatistics } from "./row-statistics/row-statistics.ts";

const minute = (index: number) => ({ timestamp: (START_MS + index * 60_000) * 1_000 });
const traded = (index: number, pair: string, rest: object) =>
  anyRow("trades_by_label", { ...minute(index), label: "pair", value: pair, ...rest });
const called = (index: number, service: string, rest: object) =>
  anyRow("calls_by_service", { ...minute(index), kind: "node", service, ...rest });
const judged = (index: number, verdict: string, rest: object = {}) =>
  anyRow("mev_verdicts", { ...minute(index), trade_id: `${index}${verdict}`, verdict, ...rest });

/** The last minutes of the hour, by label. */
const byLabel = [
  traded(58, "SOL/USDC", { trades: 4, failed: 1, pnl_usd: 1.5, p99_ms: 20 }),
  traded(59, "SOL/USDC", { trades: 2, failed: 0, pnl_usd: -0.1, p99_ms: 50 }),
  traded(59, "BONK/SOL", { trades: 1, failed: 1, p99_ms: 10 }),
  traded(1, "ODD/USDC", { trades: 5, failed: 1, unknown_status: 3 }),
  anyRow("trades_by_label", { ...minute(59), label: "service", value: "desk", trades: 3, failed: 1 }),
  called(58, "desk", { calls: 10, failed: 1, p99_ms: 30 }),
  called(59, "desk", { calls: 10, failed: 0, p99_ms: 40 }),
  judged(58, "impacted", { strategy: "arb", protection: "none", loss_usd: 3.25 }),
  judged(58, "clean", { strategy: "arb", protection: "nozomi", protection_source: "tip" }),
  judged(58, "unknown", { protection: "none" }),
  judged(57, "avoided", { strategy: "maker", protection: "private_rpc", protection_source: "named" }),
];

const now = (): number => START_MS + 3_600_000;

/** The route over real stores, as an HTTP server. */
async function ask(query: string): Promise<{ status: number; body: unknown }> {
  const database = new DatabaseSync(":memory:");
  const history = new EmbeddedHistory(database);
  history.write([
    latencyRow(58, "solana.rpc"),
    latencyRow(59, "solana.rpc", { p99_ms: 70 }),
    latencyRow(59, "db.write"),
    ...byLabel,
  ]);
  const dashboard = createMemoryDashboards({ now });
  const point = (seconds: number, values: object) => ({ timeMs: START_MS + seconds * 1_000, values });
  const points = [
    point(5, { success_rate: 50, circuit_breaker_state: "closed" }),
    point(10, { success_rate: 90 }),
    point(15, { success_rate: 70, circuit_breaker_state: "open" }),
    point(20, {}),
    point(65, { success_rate: 100 }),
  ];
  await dashboard.write(points, { current: false });
  const server = await startServer({
    routes: [historyRoute],
    context: {
      dashboardOf: () => dashboard,
      history: async (asked) => history.rows(asked),
      desks: apiDesks(new Desks()),
      now,
    },
    host: "127.0.0.1",
    port: 0,
  });
  onTestFinished(() => server.close());
  const response = await fetch(`${server.url}/api/history?${query}`);
  return { status: response.status, body: await response.json() };
}

it("gives a dashboard's statistic over time, where it was known", async () => {
  expect(await ask("statistic=success_rate&from=2025-01-01T00:00:00Z&to=2025-01-01T00:02:00Z")).toEqual({
    status: 200,
    body: {
      statistic: "success_rate",
      unit: "%",
      from: "2025-01-01T00:00:00.000Z",
      to: "2025-01-01T00:02:00.000Z",
      stepSeconds: 5,
      series: [
        {
          labels: {},
          points: [
            { time: "2025-01-01T00:00:05.000Z", value: 50, min: 50, max: 50 },
            { time: "2025-01-01T00:00:10.000Z", value: 90, min: 90, max: 90 },
            { time: "2025-01-01T00:00:15.000Z", value: 70, min: 70, max: 70 },
            { time: "2025-01-01T00:01:05.000Z", value: 100, min: 100, max: 100 },
          ],
        },
      ],
    },
  });
});

it("gives the last value of a longer step, and the range in it", async () => {
  const { body } = await ask("statistic=success_rate&from=2025-01-01&to=2025-01-02&step=60");
  expect(body).toMatchObject({
    stepSeconds: 60,
    series: [
      {
        points: [
          { time: "2025-01-01T00:01:00.000Z", value: 70, min: 50, max: 90 },
          { time: "2025-01-01T00:02:00.000Z", value: 100 },
        ],
      },
    ],
  });
  const words = await ask("statistic=circuit_breaker_state&from=2025-01-01&to=2025-01-02&step=60");
  expect(words.body).toMatchObject({ series: [{ points: [{ value: "open" }] }] });
});

it("gives latency percentiles by operation and quantile, of the last hour", async () => {
  const { body } = await ask("statistic=latency&quantile=0.99");
  expect(body).toMatchObject({
    unit: "ms",
    stepSeconds: 60,
    series: [
      {
        labels: { operation: "solana.rpc", quantile: "0.99" },
        points: [
          { time: "2025-01-01T00:59:00.000Z", value: 30 },
          { time: "2025-01-01T01:00:00.000Z", value: 70 },
        ],
      },
      { labels: { operation: "db.write", quantile: "0.99" }, points: [{ value: 30 }] },
    ],
  });
  const one = await ask("statistic=latency&operation=db.write&step=3600");
  expect(one.body).toMatchObject({ series: { length: 4 } });
});

it("gives trades by label, what is counted as that of the step", async () => {
  const { body } = await ask("statistic=trades_by_pair&step=3600&from=2025-01-01T00:30:00Z");
  const end = "2025-01-01T01:00:00.000Z";
  expect(body).toMatchObject({
    unit: "trades",
    series: [
      { labels: { pair: "SOL/USDC", status: "success" }, points: [{ time: end, value: 5 }] },
      { labels: { pair: "SOL/USDC", status: "failed" }, points: [{ time: end, value: 1 }] },
      { labels: { pair: "BONK/SOL", status: "success" }, points: [{ time: end, value: 0 }] },
      { labels: { pair: "BONK/SOL", status: "failed" }, points: [{ time: end, value: 1 }] },
    ],
  });
  const rate = await ask("statistic=success_rate_by_pair&value=SOL/USDC");
  expect(rate.body).toMatchObject({
    unit: "%",
    stepSeconds: 60,
    series: [{ labels: { pair: "SOL/USDC" }, points: [{ value: 75 }, { value: 100 }] }],
  });
  // A status that is not known is in no rate.
  const odd = await ask("statistic=success_rate_by_pair&value=ODD/USDC");
  expect(odd.body).toMatchObject({ series: [{ points: [{ value: 50 }] }] });
  const statuses = await ask("statistic=trades_by_pair&value=ODD/USDC");
  expect(statuses.body).toMatchObject({
    series: [
      { labels: { status: "success" }, points: [{ value: 1 }] },
      { labels: { status: "failed" }, points: [{ value: 1 }] },
      { labels: { status: "unknown" }, points: [{ value: 3 }] },
    ],
  });
  // A pair of which no profit is known has no series.
  const pnl = await ask("statistic=pnl_usd_by_pair&step=3600");
  expect(pnl.body).toMatchObject({ series: [{ labels: { pair: "SOL/USDC" }, points: [{ value: 1.4 }] }] });
  const latency = await ask("statistic=trade_latency_by_pair&quantile=0.99&value=SOL/USDC&step=3600");
  expect(latency.body).toMatchObject({
    series: [
      {
        labels: { pair: "SOL/USDC", quantile: "0.99" },
        points: [{ time: end, value: 50, min: 20, max: 50 }],
      },
    ],
  });
});

it("gives calls by service", async () => {
  expect((await ask("statistic=node_latency_by_service&step=3600")).body).toMatchObject({
    series: [{ labels: { service: "desk", quantile: "0.99" }, points: [{ value: 40, min: 30, max: 40 }] }],
  });
  expect((await ask("statistic=node_error_rate_by_service&step=3600&value=desk")).body).toMatchObject({
    unit: "%",
    series: [{ labels: { service: "desk" }, points: [{ value: 5 }] }],
  });
  expect((await ask("statistic=jupiter_latency_by_service")).body).toMatchObject({ series: [] });
});

it("gives verdicts and losses by label", async () => {
  const values = async (query: string) => {
    const { body } = await ask(`${query}&step=3600`);
    const { series } = body as { series: { labels: Record<string, string>; points: { value: number }[] }[] };
    return series.map(({ labels, points }) => [
      ...Object.values(labels),
      ...points.map(({ value }) => value),
    ]);
  };
  expect((await values("statistic=mev_verdicts_by_strategy")).filter((one) => one.at(-1) !== 0)).toEqual([
    ["maker", "avoided", 1],
    ["arb", "impacted", 1],
    ["arb", "clean", 1],
    ["unknown", "unknown", 1],
  ]);
  expect(await values("statistic=mev_detection_rate_by_strategy")).toEqual([
    ["maker", 100],
    ["arb", 50],
  ]);
  expect(await values("statistic=mev_loss_usd_by_strategy")).toEqual([
    ["maker", 0],
    ["arb", 3.25],
  ]);
  expect(await values("statistic=mev_mean_loss_usd_by_strategy")).toEqual([["arb", 3.25]]);
  // A tip shows the landing service; without a verdict it is not known.
  expect(await values("statistic=mev_unknown_rate_by_landing_service")).toEqual([
    ["none", 0],
    ["nozomi", 0],
    ["unknown", 100],
  ]);
});

it("knows every statistic of trades, calls and verdicts by label", async () => {
  const engine = new Engine();
  const names = Object.keys(engine.current().statistics).filter(
    // Reasons are in the table of trades.
    (name) => name.includes("_by_") && !name.startsWith("trade_failures"),
  );
  const wanted = names.filter((name) => rowStatistics.has(name));
  expect(names.filter((name) => !wanted.includes(name))).toEqual([
    "circuit_breaker_state_by_service",
    "active_positions_by_service",
    "memory_usage_by_process",
    "cpu_usage_by_process",
  ]);
});

it.each([
  ["", "statistic", "statistic is missing; allowed: latency, trade_latency_p99"],
  ["statistic=nonsense", "statistic", "success_rate"],
  [
    "statistic=success_rate&from=yesterday",
    "from",
    '= "yesterday" is not allowed; allowed: a time such as 2026-',
  ],
  ["statistic=success_rate&from=2025-01-01T00:00:00+01:00", "from", "+ in a URL is %2B"],
  ["statistic=success_rate&form=2025-01-01", "form", "allowed: statistic, from, to"],
  ["statistic=success_rate&step=5&step=10", "step", "more than once"],
  ["statistic=success_rate&__proto__=5", "__proto__", "not a parameter"],
  ["statistic=success_rate&constructor=5", "constructor", "not a parameter"],
  ["statistic=success_rate&step=0", "step", "from 5"],
  ["statistic=success_rate&from=2025-01-02&to=2025-01-01", "from", "before to"],
  ["statistic=success_rate&from=2020-01-01&to=2025-01-01&step=5", "step", "20000 points"],
  ["statistic=latency&quantile=0.42", "quantile", "0.999"],
])("says what is wrong with %j", async (query, field, message) => {
  const { status, body } = await ask(query);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    error: { code: "bad_query", field, message: expect.stringContaining(message) },
  });
});
