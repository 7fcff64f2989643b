import { attribute, limits, spanAttributes } from "@slipstream/conventions";
import type { AttributeValue } from "@slipstream/otlp/decode";
import { run, statistic } from "@slipstream/testing/engine/run";
import {
  metrics,
  point,
  resource,
  START_MS,
  span,
  tick,
  traces,
  trade,
} from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Engine } from "./engine.ts";
import { recordOf } from "./history/rows.ts";
import type { EngineRecord, LabelledStatisticValue } from "./model.ts";

const at = START_MS + 1_000;

function withStatus(status: AttributeValue | undefined, rest: object = {}) {
  return trade(at, { [attribute.tradeStatus]: status }, rest);
}

function series(engine: Engine, name: string): Record<string, unknown> {
  const entry = engine.current().statistics[name] as { series: readonly LabelledStatisticValue[] };
  return Object.fromEntries(
    entry.series.map(({ labels, value }) => [Object.values(labels).join(" "), value]),
  );
}

describe("the status of a trade", () => {
  test.each([
    ["success", 0, "success"],
    ["Success", 0, "unknown"],
    ["success ", 0, "unknown"],
    ["OK", 0, "unknown"],
    [true, 0, "unknown"],
    [undefined, 0, "unknown"],
    ["", 0, "unknown"],
    ["pending", 0, "unknown"],
    [false, 0, "unknown"],
    [null, 0, "unknown"],
    ["failed", 0, "failed"],
    ["FAILED ", 0, "failed"],
    ["Reverted", 0, "failed"],
    ["error", 0, "failed"],
    [undefined, 1, "unknown"],
    [undefined, 2, "failed"],
    ["success", 2, "failed"],
    ["pending", 2, "failed"],
  ])("%j of a span with status %i is %s", (status, statusCode, expected) => {
    const { engine, rows } = run([traces([withStatus(status, { statusCode })])]);
    expect(series(engine, "trades")).toEqual({
      success: Number(expected === "success"),
      failed: Number(expected === "failed"),
    });
    const unknown = expected === "unknown" ? { desk: 1 } : {};
    expect(series(engine, "trades_unknown_status")).toEqual(unknown);
    expect(rows.map((row) => recordOf(row).status)).toEqual([expected === "unknown" ? null : expected]);
  });

  it("is in no rate if it is not known; everything else of the trade counts", () => {
    const more = {
      [attribute.tradePnlUsd]: 5,
      [attribute.tradeQuotedOut]: "10",
      [attribute.tradeActualOut]: "9",
    };
    const spans = [undefined, "pending", "success"].map((status) =>
      trade(at, { ...more, [attribute.tradeStatus]: status }),
    );
    const { engine } = run([traces(spans)]);
    expect(statistic(engine, "success_rate")).toMatchObject({
      value: 100,
      count: 1,
      reason: "the status of 2 of 3 trades is not known",
    });
    expect(statistic(engine, "slippage_accuracy").count).toBe(1);
    expect(statistic(engine, "trade_latency_p99").count).toBe(3);
    expect(statistic(engine, "trades_per_minute").count).toBe(3);
    expect(statistic(engine, "total_pnl_usd").value).toBe(15);
    expect(series(engine, "trades_by_service")).toEqual({ "desk success": 1, "desk failed": 0 });
    expect(engine.current().services.desk?.refusedValues).toEqual([
      { attribute: "trade.status", reason: "absent", count: 1, examples: [] },
      { attribute: "trade.status", reason: "unknown_word", count: 1, examples: ["pending"] },
    ]);
  });

  it("has no success rate at all without one that is known", () => {
    const { engine } = run([traces([withStatus(undefined), withStatus("Success")])]);
    expect(statistic(engine, "success_rate")).toMatchObject({
      value: null,
      count: 0,
      reason: "the status of 2 of 2 trades is not known",
    });
  });

  it("says why it failed if it is such a word", () => {
    const { engine } = run([traces([withStatus("Expired"), withStatus("reverted"), withStatus("error")])]);
    expect(series(engine, "trade_failures")).toMatchObject({ expired: 1, reverted: 1, unknown: 1 });
  });

  it("is noticed once for each service and word, and at most for a few words", () => {
    const words = Array.from({ length: 20 }, (_, i) => `word ${i}`);
    const spans = [...words, ...words].map((status) => withStatus(status));
    const notices = new Engine().apply(traces(spans)).notices;
    expect(notices.map((notice) => notice.kind === "refused" && notice.value)).toEqual(words.slice(0, 8));
  });
});

describe("words", () => {
  const rowOf = (attributes: Record<string, AttributeValue>) => {
    const { engine, rows } = run([traces([trade(at, attributes)])]);
    const refused = engine.current().services.desk?.refusedValues ?? [];
    return { row: recordOf(rows[0] as never), refused: refused.map((each) => each.attribute), engine };
  };

  it("of a side, a source and a reason are read whatever their case, else they are unknown", () => {
    const good = rowOf({ [attribute.tradeSide]: " BUY", [attribute.tradeSource]: "Live" });
    expect(good).toMatchObject({ row: { side: "buy", source: "live" }, refused: [] });
    const bad = rowOf({ [attribute.tradeSide]: "long", [attribute.tradeSource]: "paper" });
    expect(bad).toMatchObject({ row: { side: null, source: null, latency_ms: null } });
    expect(bad.refused.toSorted()).toEqual([attribute.tradeSide, attribute.tradeSource]);
    expect(statistic(bad.engine, "trade_latency_p99").count).toBe(0);
    expect(statistic(bad.engine, "trades_per_minute").count).toBe(0);
    const failed = { [attribute.tradeStatus]: "failed" };
    const reason = (word: string) => rowOf({ ...failed, [attribute.tradeFailureReason]: word });
    expect(reason("Insufficient-Funds")).toMatchObject({ row: { failure_reason: "insufficient_funds" } });
    expect(reason("gremlins")).toMatchObject({
      row: { failure_reason: "other" },
      refused: [attribute.tradeFailureReason],
    });
  });

  it("of a protection that say none or nothing protect nothing", () => {
    const protection = (word: string) => rowOf({ [attribute.mevProtection]: word }).row.protection;
    expect(["None", "JITO ", "Private-RPC", "my relay"].map(protection)).toEqual([
      "none",
      "jito",
      "private_rpc",
      "my relay",
    ]);
    expect(["false", "True", "unknown", " "].map(protection)).toEqual([null, null, null, null]);
  });

  it("of a canary that are neither true nor false keep the span out of every statistic", () => {
    const { engine } = run([traces([trade(at, { [attribute.slipstreamCanary]: "yes" })])]);
    expect(series(engine, "trades")).toEqual({ success: 0, failed: 0 });
    expect(engine.current().services.desk?.refusedValues).toMatchObject([{ attribute: "slipstream.canary" }]);
  });
});

describe("a number", () => {
  const ranged = Object.values(spanAttributes).flatMap((each) =>
    "max" in each ? [{ name: each.name, min: each.min, max: each.max }] : [],
  );

  test.each(ranged)("$name from $min to $max is kept, and none beyond", ({ name, min, max }) => {
    for (const value of [min, max]) {
      const { engine } = run([traces([trade(at, { [name]: value })])]);
      expect([value, engine.current().services.desk?.refusedValues]).toEqual([value, undefined]);
    }
    const wild = [
      min - 1,
      2 * max + 1,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ];
    const { engine } = run([traces(wild.map((value) => trade(at, { [name]: value })))]);
    expect(engine.current().services.desk?.refusedValues).toMatchObject([
      { attribute: name, reason: "implausible", count: wild.length },
    ]);
  });

  it("that is absurd leaves totals as they are", () => {
    const pnl = (usd: number) => trade(at, { [attribute.tradePnlUsd]: usd });
    const { engine } = run([traces([pnl(1.7e302), pnl(2.5), pnl(1.7e302)])], { capitalUsd: 100 });
    expect(statistic(engine, "total_pnl_usd")).toMatchObject({ value: 2.5, count: 1 });
    expect(statistic(engine, "total_pnl").value).toBe(2.5);
  });

  it("of an output that is not in the quote's unit is no slippage", () => {
    const output = { [attribute.tradeQuotedOut]: "1", [attribute.tradeActualOut]: "9".repeat(78) };
    const { engine } = run([traces([trade(at, output)])]);
    expect(statistic(engine, "slippage_p99").count).toBe(0);
    expect(engine.current().services.desk?.refusedValues).toMatchObject([{ attribute: "trade.actual_out" }]);
  });
});

describe("a value of the wrong type", () => {
  const refusedOf = (attributes: Record<string, AttributeValue>) => {
    const { engine, rows } = run([traces([trade(at, attributes)])], { capitalUsd: 1 });
    const refused = engine.current().services.desk?.refusedValues ?? [];
    return { kinds: refused.map(({ attribute: name, reason }) => `${name} ${reason}`), engine, rows };
  };

  const numbers = Object.values(spanAttributes).filter(({ type }) => type === "double" || type === "int");
  test.each(numbers)("as $name is not counted, and is reported", ({ name }) => {
    for (const value of ["12 dollars", true, null])
      expect([value, refusedOf({ [name]: value }).kinds]).toEqual([value, [`${name} wrong_type`]]);
  });

  test.each(Object.values(spanAttributes).filter(({ type }) => type === "string"))(
    "as $name, which is a text, is not counted, and is reported",
    ({ name }) => {
      const status = name === attribute.tradeFailureReason ? { [attribute.tradeStatus]: "failed" } : {};
      expect(refusedOf({ ...status, [name]: null }).kinds).toEqual([`${name} wrong_type`]);
    },
  );

  test.each([
    ["abc", "wrong_type"],
    ["1e30", "wrong_type"],
    [null, "wrong_type"],
    [1.5, "implausible"],
    ["-1", "implausible"],
    ["9".repeat(79), "implausible"],
  ])("as an amount: %j is refused as %s", (value, reason) => {
    for (const name of ["trade.quoted_out", "trade.actual_out", "trade.min_out", "trade.amount_in"])
      expect(refusedOf({ [name]: value }).kinds).toEqual([`${name} ${reason}`]);
  });

  it("is none if it is only written otherwise, or empty", () => {
    const fee = (value: AttributeValue) => refusedOf({ [attribute.solanaPriorityFeeLamports]: value });
    expect(fee(5_000).kinds).toEqual([]);
    expect(statistic(fee("5000").engine, "priority_fees_lamports").value).toBe(5_000);
    expect(refusedOf({ [attribute.tradeQuotedOut]: "007", [attribute.tradeSizeUsd]: "" }).kinds).toEqual([]);
  });
});

describe("a span that ends before it starts", () => {
  const early = (seconds: number, attributes = {}) =>
    trade(at, { [attribute.tradePnlUsd]: 5, ...attributes }, { durationSeconds: -seconds });

  it("took no time if it is a tick of its clock early, and counts", () => {
    const { engine } = run([traces([early(1e-9)])]);
    expect(statistic(engine, "trade_latency_p99")).toMatchObject({ value: 0, count: 1 });
    expect(statistic(engine, "total_pnl_usd").value).toBe(5);
    expect(engine.current().services.desk).toMatchObject({
      refused: 0,
      refusedValues: [{ attribute: "duration", reason: "ends_before_start", count: 1 }],
    });
  });

  it("took nobody knows how long if it is earlier, and everything else of it counts", () => {
    const { engine, rows } = run([traces([early(3_600), span("work", at, { durationSeconds: -2 })])]);
    expect(statistic(engine, "trade_latency_p99").count).toBe(0);
    expect(statistic(engine, "total_pnl_usd").value).toBe(5);
    expect(series(engine, "trades")).toEqual({ success: 1, failed: 0 });
    expect(recordOf(rows[0] as never).latency_ms).toBeNull();
    const timed = run([traces([early(3_600, { [attribute.tradeLatencyMs]: 42 })])]).engine;
    expect(statistic(timed, "trade_latency_p99").value).toBe(42);
  });
});

describe("a gauge", () => {
  const engineAfter = (records: readonly EngineRecord[]) => run([...records, tick(START_MS + 5_000)]).engine;
  const positions = (value: number | undefined, seconds: number, rest = {}) =>
    metrics([point("openPositions", value, START_MS + 1_000 * seconds, rest)]);

  it("that sends changes is unknown, and says why", () => {
    const records = [3, 2, -1].map((value, i) => positions(value, i, { noLevel: "delta" }));
    const engine = engineAfter(records);
    expect(statistic(engine, "active_positions")).toMatchObject({
      value: null,
      reason: "what desk reports as slipstream_open_positions is refused: see refusedValues of the service",
    });
    expect(engine.current().services.desk?.refusedValues).toMatchObject([{ reason: "delta", count: 3 }]);
    expect(series(engine, "active_positions_by_service")).toEqual({});
  });

  it("that cannot be one is unknown until its process sends one that can", () => {
    for (const value of [-1, 1e300, limits.positions + 1, Number.NaN, Number.POSITIVE_INFINITY, undefined]) {
      const records = [positions(4, 0), positions(value, 1)];
      expect(statistic(engineAfter(records), "active_positions").value).toBeNull();
      expect(statistic(engineAfter([...records, positions(5, 2)]), "active_positions").value).toBe(5);
    }
    for (const noLevel of ["monotonic", "distribution"]) {
      const engine = engineAfter([positions(7, 0), positions(7, 1, { noLevel })]);
      expect(statistic(engine, "active_positions").value).toBeNull();
      expect(engine.current().services.desk?.refusedValues).toMatchObject([{ reason: noLevel }]);
    }
  });

  it("of a state has only the codes that there are", () => {
    const breaker = (value: number, from = resource()) =>
      point("circuitBreakerState", value, at, { resource: from });
    for (const value of [3, -1, 0.5]) {
      const engine = engineAfter([metrics([breaker(value), breaker(0, resource("other"))])]);
      expect(statistic(engine, "circuit_breaker_state").value).toBeNull();
    }
    const open = engineAfter([metrics([breaker(7), breaker(1, resource("other"))])]);
    expect(statistic(open, "circuit_breaker_state").value).toBe("open");
    const up = (value: number) => point("dependencyUp", value, at, { attributes: { type: "Redis" } });
    expect(series(engineAfter([metrics([up(1)])]), "dependency_up")).toMatchObject({ redis: "up" });
    expect(series(engineAfter([metrics([up(2)])]), "dependency_up")).toMatchObject({ redis: null });
  });
});

describe("a checkpoint of a version that took absurd amounts", () => {
  const poisoned = () => {
    const { parts } = structuredClone(
      run([
        traces([trade(at, { [attribute.tradePnlUsd]: 5, [attribute.tradePair]: "SOL/USDC" })]),
      ]).engine.save(),
    );
    const pnl = parts["statistics.pnl"]?.data as { total: { microUsd: bigint } };
    pnl.total.microUsd = 10n ** 400n;
    const byPair = parts["statistics.trades_by_pair"]?.data as { told: { told: { pnl: bigint }[] } };
    for (const told of byPair.told.told) told.pnl = 10n ** 400n;
    return Engine.restore({ parts }, []);
  };

  it("has a total that begins again, and counts from then on", () => {
    const engine = poisoned();
    expect(engine.lost.get("statistics.pnl")).toMatch(/absurd/);
    expect(statistic(engine, "total_pnl_usd").value).toBeNull();
    engine.apply(traces([trade(at + 1, { [attribute.tradePnlUsd]: 7 })]));
    expect(statistic(engine, "total_pnl_usd")).toMatchObject({ value: 7, since: new Date(at).toISOString() });
  });

  it("has sums by label that are unknown, and say why", () => {
    const entry = poisoned().current().statistics.pnl_usd_by_pair;
    expect(entry).toMatchObject({
      series: [{ value: null, reason: expect.stringContaining("cannot be true") }],
    });
  });
});

it("no statistic is ever infinite or NaN, and rates are only of trades whose status is known", () => {
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      1e308,
      2 ** 53,
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    fc.integer(),
  );
  const word = fc.constantFrom("success", "failed", "Success", "", "x", "buy", "block", "closed", undefined);
  const value = fc.oneof(number, word, fc.bigInt({ min: 0n, max: 2n ** 256n }).map(String), fc.boolean());
  const attributes = fc.dictionary(fc.constantFrom(...Object.values(attribute)), value);
  const spans = fc.array(fc.record({ attributes, seconds: fc.double({ min: -1e9, max: 1e9 }) }), {
    maxLength: 20,
  });
  const gauge = fc.constantFrom(
    "openPositions",
    "memoryUsage",
    "cpuUsage",
    "circuitBreakerState",
    "dependencyUp",
  );
  const points = fc.array(fc.record({ gauge, value: fc.double({ noNaN: true, noDefaultInfinity: true }) }));
  fc.assert(
    fc.property(spans, points, (drafts, gauges) => {
      const trades = drafts.map(({ attributes: given, seconds }) =>
        span("trade.execute", at, { attributes: given, durationSeconds: seconds }),
      );
      const told = gauges.map((each) => point(each.gauge as "openPositions", each.value, at));
      const { engine, publications } = run([traces(trades, at), metrics(told, at)], { capitalUsd: 1 });
      const text = JSON.stringify([engine.current(), engine.collect(), publications], (_, each: unknown) => {
        if (typeof each === "number" && !Number.isFinite(each)) throw new Error(`${each}`);
        return each;
      });
      expect(text).toBeTypeOf("string");
      const known = drafts.filter(({ attributes: given }) => {
        const status = given[attribute.tradeStatus];
        const live = given[attribute.tradeSource] ?? "";
        const isTrade = given[attribute.slipstreamCanary] ?? false;
        return (status === "success" || status === "failed") && live === "" && isTrade === false;
      });
      expect(statistic(engine, "success_rate").count).toBe(known.length);
    }),
    { numRuns: 300 },
  );
});
