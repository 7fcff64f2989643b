import { attribute, semconv, spanName, tradeLabels } from "@slipstream/conventions";
import { run } from "@slipstream/testing/engine/run";
import { child, rpc, START_MS, span, tick, traces, trade } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "./engine.ts";
import { type HistoryRow, type HistoryValue, recordOf } from "./history/rows.ts";
import { completeOptions } from "./options.ts";
import { exactQuantile } from "./testing/naive.ts";
import { delivered, inTime, type Sent, traffic, trafficOnChain, untilTheEnd } from "./testing/traffic.ts";

const MINUTE = 60_000;

type Fields = Readonly<Record<string, HistoryValue>>;

function rowsOf(rows: readonly HistoryRow[], table: HistoryRow["table"]): readonly Fields[] {
  return rows.filter((row) => row.table === table).map(recordOf);
}

/** What a store holds in the end: the last row under each key. */
function minutesHeld(rows: readonly HistoryRow[]): ReadonlyMap<string, Fields> {
  return new Map(
    rowsOf(rows, "latency_percentiles").map((row) => [`${row.timestamp} ${row.operation}`, row]),
  );
}

describe("a trade's row", () => {
  const attributes = {
    [attribute.tradeId]: "t1",
    [attribute.tradePair]: "SOL/USDC",
    [attribute.tradeSide]: "buy",
    [attribute.tradeSizeUsd]: 1_200,
    [attribute.tradePnlUsd]: -0.25,
    [attribute.tradeLatencyMs]: 41.9,
    [attribute.tradeConfirmMs]: 800,
    [attribute.tradeQuotedOut]: "1000000000000000000000",
    [attribute.tradeActualOut]: "999000000000000000000",
    [attribute.solanaSlot]: 285_000_037,
    [attribute.solanaPriorityFeeLamports]: 2n ** 60n,
    [attribute.jitoTipLamports]: 10_000,
    [attribute.mevProtection]: "jito",
  };

  it("says why it failed, if its span does", () => {
    const failed = (reason: string) =>
      trade(START_MS, { [attribute.tradeStatus]: "failed", [attribute.tradeFailureReason]: reason });
    const { rows } = run([traces([failed("expired"), failed("bad luck"), failed(""), trade(START_MS)])]);
    const reasons = rowsOf(rows, "trades").map(({ failure_reason }) => failure_reason);
    expect(reasons).toEqual(["expired", "other", null, null]);
  });

  it("says what its span says, in the table's units", () => {
    const span = trade(START_MS + 1_500.25, attributes, { trace0: 0xabc, span0: 0xdef, span1: 1 });
    expect(rowsOf(run([traces([span])]).rows, "trades")).toEqual([
      expect.objectContaining({
        timestamp: (START_MS + 1_500) * 1_000 + 250,
        trade_id: "t1",
        trace_id: expect.stringMatching(/^00000abc0000000200000003[0-9a-f]{8}$/),
        span_id: "00000def00000001",
        service: "desk",
        status: "success",
        source: "live",
        size_usd: 1_200,
        pnl_usd: -0.25,
        latency_ms: 41.9,
        confirm_ms: 800,
        slippage_bps: 10,
        quoted_out: "1000000000000000000000",
        slot: 285_000_037,
        // More than a double holds exactly.
        priority_fee_lamports: null,
        tip_lamports: 10_000,
        protection: "jito",
        strategy: null,
      }),
    ]);
  });

  it("of a recorded block stands at its own time, without a latency", () => {
    const span = trade(START_MS - 1e10, { ...attributes, [attribute.tradeSource]: "block" });
    const { rows } = run([traces([trade(START_MS), span], START_MS)]);
    expect(rowsOf(rows, "trades")[1]).toMatchObject({
      timestamp: (START_MS - 1e10) * 1_000,
      source: "block",
      latency_ms: null,
    });
  });

  it("comes for each trade that is counted, late ones too, and for none twice", () => {
    fc.assert(
      fc.property(traffic({ seconds: 300, delayMs: 1e6 }), (items) => {
        const records = delivered(items);
        const { rows } = run([...records, ...records]);
        const trades = rowsOf(rows, "trades");
        const spans = items
          .flatMap((item) => item.spans)
          .filter(({ name }) => name === spanName.tradeExecute);
        expect(trades).toHaveLength(spans.length);
        expect(new Set(trades.map((row) => `${row.trace_id}${row.span_id}`)).size).toBe(spans.length);
      }),
    );
  });

  it("does not come for a canary", () => {
    const { rows } = run([traces([trade(START_MS, { [attribute.slipstreamCanary]: true })])]);
    expect(rows.map(({ table }) => table)).toEqual(["canaries"]);
  });
});

describe("the percentiles of a minute", () => {
  it("come when the minute is complete, with their errors, and again when late spans amend it", () => {
    const spans = Array.from({ length: 200 }, (_, i) =>
      rpc(START_MS + 1 + i * 290, "getSlot", { durationSeconds: (i + 1) / 1_000 }),
    );
    const late = rpc(START_MS + 59_999, "getSlot", { durationSeconds: 7 });
    const records = [
      traces(spans),
      traces([rpc(START_MS + MINUTE + 500)]),
      traces([rpc(START_MS + MINUTE + 3_000)]),
      traces([late], START_MS + MINUTE + 4_000),
      traces([rpc(START_MS + MINUTE + 9_000)]),
    ];
    const minutes = rowsOf(run(records).rows, "latency_percentiles");
    expect(minutes.map(({ count, max_ms }) => [count, max_ms])).toEqual([
      [200, 200],
      [201, 7_000],
    ]);
    const [first = {}] = minutes;
    expect(first).toMatchObject({ timestamp: START_MS * 1_000, operation: "solana.rpc", p999_ms: 200 });
    for (const [name, exact] of Object.entries({ p50: 100, p95: 190, p99: 198 })) {
      const error = Number(first[`${name}_error_ms`]);
      expect(error, name).toBeGreaterThan(0);
      expect(error, name).toBeLessThan(0.004 * exact);
      expect(Math.abs(Number(first[`${name}_ms`]) - exact), name).toBeLessThanOrEqual(error + 1e-9);
    }
    // The largest is known exactly.
    expect(first.p999_error_ms).toBe(0);
  });

  it("are amended by a tick where nothing else comes", () => {
    const records = [
      traces([rpc(START_MS + 1_000)]),
      traces([rpc(START_MS + MINUTE + 10_000)]),
      traces([rpc(START_MS + 2_000)], START_MS + MINUTE + 10_000),
    ];
    const end = START_MS + MINUTE + 10_000;
    const ticks = [1, 2, 3, 4, 5, 6, 7].map((second) => tick(end + second * 100));
    const counts = (all: Parameters<typeof run>[0]) =>
      rowsOf(run(all).rows, "latency_percentiles").map(({ count }) => count);
    expect(counts([...records, ...ticks])).toEqual([1]);
    expect(counts([...records, ...ticks, tick(end + 5_200)])).toEqual([1, 2]);
  });

  it.each([{ delayMs: 250_000 }, { delayMs: 60_000, percentileWindowSeconds: 45, amendmentSeconds: 75 }])(
    "are in the end those of everything in time (%o)",
    ({ delayMs, ...options }) => {
      fc.assert(
        fc.property(traffic({ seconds: 200, delayMs }), (items) => {
          const endMs = START_MS + 275_000 + delayMs;
          const last = trade(endMs);
          const late = run(untilTheEnd(delivered(items), endMs, last), options);
          const punctual = run(untilTheEnd(delivered(inTime(items)), endMs, last), options);
          const held = minutesHeld(late.rows);
          expect(held).toEqual(minutesHeld(punctual.rows));
          expectTrue(held, items);
        }),
        { numRuns: 100 },
      );
    },
  );

  it("stay what they were where something comes after the horizon of amendments", () => {
    fc.assert(
      fc.property(
        traffic({ seconds: 100, delayMs: 0 }),
        traffic({ seconds: 100, delayMs: 0 }),
        (items, later) => {
          const endMs = START_MS + 1_000_000;
          const before = untilTheEnd(delivered(items), endMs, trade(endMs));
          const spans = later.flatMap((item) => item.spans);
          const after = [traces(spans, endMs + 20_000), tick(endMs + 21_000), tick(endMs + 40_000)];
          const held = minutesHeld(run(before).rows);
          const still = minutesHeld(run([...before, ...after]).rows);
          for (const [key, row] of held) expect(still.get(key)).toEqual(row);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("that were complete before a change of options stay", () => {
    const options = completeOptions({ amendmentSeconds: 600, maxOperations: 0 });
    const records = [
      traces([rpc(START_MS + 1_000), rpc(START_MS + 2_000)]),
      traces([rpc(START_MS + MINUTE + 10_000)]),
      { receivedMs: START_MS + MINUTE + 10_000, batch: { kind: "options", options } } as const,
      traces([rpc(START_MS + 3_000)], START_MS + MINUTE + 10_000),
      traces([rpc(START_MS + 3 * MINUTE)]),
      traces([rpc(START_MS + 3 * MINUTE + 8_000)]),
    ];
    const minutes = rowsOf(run(records).rows, "latency_percentiles");
    expect(minutes.map(({ timestamp, count }) => [Number(timestamp) / 1_000 - START_MS, count])).toEqual([
      [0, 2],
      [MINUTE, 1],
      [2 * MINUTE, 1],
    ]);
  });
});

/** Compares the rows of trades with the exact percentiles of what was sent. */
function expectTrue(held: ReadonlyMap<string, Fields>, items: readonly Sent[]): void {
  const spans = items.flatMap((item) => item.spans).filter(({ name }) => name === spanName.tradeExecute);
  for (const row of held.values()) {
    if (row.operation !== spanName.tradeExecute) continue;
    const fromMs = Number(row.timestamp) / 1_000;
    if (fromMs > START_MS + 240_000) continue; // the last trade
    const values = spans
      .filter(({ endMs }) => endMs > fromMs && endMs <= fromMs + MINUTE)
      .map(({ attributes, durationSeconds }) =>
        Number(attributes[attribute.tradeLatencyMs] ?? durationSeconds * 1_000),
      )
      .sort((a, b) => a - b);
    expect(row.count).toBe(values.length);
    for (const [name, q] of [
      ["p50", 0.5],
      ["p95", 0.95],
      ["p99", 0.99],
      ["p999", 0.999],
    ] as const) {
      const exact = exactQuantile(values, q) ?? Number.NaN;
      const away = Math.abs(Number(row[`${name}_ms`]) - exact);
      expect(away, name).toBeLessThanOrEqual(Number(row[`${name}_error_ms`]) + 1e-9 * exact);
    }
  }
}

it("names operations as everywhere else", () => {
  const http = { [semconv.httpMethod]: "POST", [semconv.serverAddress]: "x.helius-rpc.com" };
  const records = [
    traces([rpc(START_MS + 10, "getSlot", { name: "POST", attributes: http })]),
    traces([trade(START_MS + 70_000)]),
  ];
  const minutes = rowsOf(run(records).rows, "latency_percentiles");
  expect(minutes.map(({ operation }) => operation)).toEqual(["solana.rpc"]);
});

describe("trades by label in a minute", () => {
  it("come for each value that traded, with outcomes, profit and latencies", () => {
    const pair = (name: string, at: number, more = {}) =>
      trade(START_MS + at, { [attribute.tradePair]: name, [attribute.tradeLatencyMs]: 20, ...more });
    const { rows } = run([
      traces([
        pair("SOL/USDC", 1_000, { [attribute.tradePnlUsd]: 1.5 }),
        pair("SOL/USDC", 2_000, { [attribute.tradeStatus]: "failed", [attribute.tradeLatencyMs]: 90 }),
        pair("BONK/SOL", 3_000),
      ]),
      traces([rpc(START_MS + MINUTE + 3_000)]),
    ]);
    const byPair = rowsOf(rows, "trades_by_label").filter(({ label }) => label === "pair");
    expect(byPair).toMatchObject([
      {
        timestamp: START_MS * 1_000,
        value: "SOL/USDC",
        trades: 2,
        failed: 1,
        pnl_usd: 1.5,
        p50_ms: 20,
        max_ms: 90,
      },
      { value: "BONK/SOL", trades: 1, failed: 0, pnl_usd: null, p50_ms: 20 },
    ]);
  });

  it("add up to all trades of the minute, whatever comes late and however few values are told apart", () => {
    fc.assert(
      fc.property(
        trafficOnChain({ seconds: 300, delayMs: 120_000, items: 80 }),
        fc.integer({ min: 1, max: 3 }),
        (items, maxLabelValues) => {
          const { rows } = run(delivered(items), { maxLabelValues });
          const held = new Map(
            rowsOf(rows, "trades_by_label").map((row) => [`${row.timestamp} ${row.label} ${row.value}`, row]),
          );
          const sums = new Map<string, number>();
          for (const { timestamp, label, trades } of held.values()) {
            const key = `${timestamp} ${label}`;
            sums.set(key, (sums.get(key) ?? 0) + Number(trades));
          }
          const expected = new Map<string, number>();
          for (const { timestamp, operation, count } of minutesHeld(rows).values()) {
            if (operation !== spanName.tradeExecute) continue;
            for (const label of tradeLabels) expected.set(`${timestamp} ${label}`, Number(count));
          }
          expect(Object.fromEntries(sums)).toEqual(Object.fromEntries(expected));
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("minutes that are not whole", () => {
  const pair = (at: number) => trade(START_MS + at, { [attribute.tradePair]: "SOL/USDC" });
  const minutesOf = (rows: readonly HistoryRow[]) =>
    rowsOf(rows, "trades_by_label")
      .filter(({ label }) => label === "pair")
      .map(({ timestamp, trades, seconds }) => [
        (Number(timestamp) / 1_000 - START_MS) / MINUTE,
        trades,
        seconds,
      ]);

  it("say how much of them was counted: the first and the last", () => {
    const engine = new Engine({}, { history: true, sinceMs: START_MS + 40_000 });
    const { rows } = engine.apply(traces([pair(50_000), pair(MINUTE + 5_000), pair(2 * MINUTE + 10_000)]));
    expect(minutesOf(rows)).toEqual([
      [0, 1, 20],
      [1, 1, 60],
    ]);
    expect(minutesOf(engine.takeLastRows(START_MS + 2 * MINUTE + 15_000))).toEqual([[2, 1, 15]]);
    expect(engine.takeLastRows(START_MS + 2 * MINUTE + 15_000)).toEqual([]);
  });

  it("hold what waits for the span around it, and a minute that has ended and is not published yet is whole", () => {
    const attributes = { [semconv.rpcSystem]: "jsonrpc", [semconv.rpcMethod]: "getSlot" };
    const waits = child(span("GET /", START_MS), "getSlot", START_MS + 59_000, { kind: 3, attributes });
    const engine = new Engine({}, { history: true });
    expect(engine.apply(traces([waits])).rows).toEqual([]);
    const rows = engine.takeLastRows(START_MS + MINUTE + 500);
    expect(rowsOf(rows, "calls_by_service")).toMatchObject([{ kind: "node", calls: 1, seconds: 60 }]);
  });

  it("are all of the trades together with those that were given before", () => {
    fc.assert(
      fc.property(trafficOnChain({ seconds: 200, delayMs: 60_000, items: 60 }), (items) => {
        const { engine, rows } = run(delivered(items));
        const all = [...rows, ...engine.takeLastRows(START_MS + 1_000_000)];
        const held = new Map(
          rowsOf(all, "trades_by_label")
            .filter(({ label }) => label === "pair")
            .map((row) => [`${row.timestamp} ${row.value}`, Number(row.trades)]),
        );
        const inWindows = new Map(
          rowsOf(all, "latency_percentiles")
            .filter(({ operation }) => operation === spanName.tradeExecute)
            .map((row) => [row.timestamp, Number(row.count)]),
        );
        const sum = (values: Iterable<number>) => [...values].reduce((total, each) => total + each, 0);
        expect(sum(held.values())).toBe(sum(inWindows.values()));
      }),
      { numRuns: 20 },
    );
  });
});
