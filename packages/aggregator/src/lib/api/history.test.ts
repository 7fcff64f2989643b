import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { createMemoryDashboards } from "../dashboards/memory-dashboards.ts";
import { EmbeddedHistory } from "../history/embedded-history.ts";
import { latencyRow, START_MS } from "../history/testing/rows.ts";
import { startServer } from "../server/server.ts";
import { historyRoute } from "./history.ts";

const now = (): number => START_MS + 3_600_000;

/** The route over real stores, as an HTTP server. */
async function ask(query: string): Promise<{ status: number; body: unknown }> {
  const database = new DatabaseSync(":memory:");
  const history = new EmbeddedHistory(database);
  history.write([
    latencyRow(58, "solana.rpc"),
    latencyRow(59, "solana.rpc", { p99_ms: 70 }),
    latencyRow(59, "db.write"),
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
    context: { dashboard, history: async (asked) => history.rows(asked), now },
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
