import { run, statistic } from "@slipstream/testing/engine/run";
import { metrics, point, resource, START_MS, tick, traces, trade } from "@slipstream/testing/engine/spans";
import { describe, expect, it, test } from "vitest";
import type { Engine } from "./engine.ts";
import type { EngineRecord } from "./model.ts";
import type { Notice } from "./notice.ts";

const S = 1_000;
const MINUTE = 60 * S;
const at = (seconds: number): number => START_MS + seconds * S;

interface Sending {
  readonly service?: string;
  readonly instance?: string;
  readonly from: number;
  readonly to: number;
  /** How far the clock is behind at a time, ms. */
  readonly behind: (seconds: number) => number;
  /** Seconds between two trades. */
  readonly every?: number;
  /** Seconds that trades are collected before they are sent. */
  readonly batch?: number;
}

/** Trades that are sent as they end, or in batches. */
function sent({ service, instance, from, to, behind, every = 0.25, batch = 0 }: Sending): EngineRecord[] {
  const byReceipt = new Map<number, number[]>();
  for (let second = from; second < to; second += every) {
    const receivedMs = at(batch === 0 ? second : Math.ceil((second + 0.001) / batch) * batch) + 3;
    byReceipt.set(receivedMs, [...(byReceipt.get(receivedMs) ?? []), at(second) - behind(second)]);
  }
  const from_ = resource(service, instance);
  return Array.from(byReceipt, ([receivedMs, ends]) =>
    traces(
      ends.map((endMs) => trade(endMs, {}, { resource: from_ })),
      receivedMs,
    ),
  );
}

/** In the order of receipt, with a tick each second. */
function received(...all: readonly (readonly EngineRecord[])[]): EngineRecord[] {
  const records = all.flat();
  const last = Math.max(...records.map(({ receivedMs }) => receivedMs));
  const ticks = Array.from({ length: Math.ceil((last - START_MS) / S) }, (_, i) => tick(at(i + 1)));
  return [...records, ...ticks].sort((a, b) => a.receivedMs - b.receivedMs);
}

function behindSeconds(engine: Engine, service = "desk"): number | undefined {
  return engine.current().services[service]?.clockBehindSeconds;
}

function noticesOf(records: readonly EngineRecord[], engine: Engine): Notice[] {
  return records.flatMap((record) => engine.apply(record).notices);
}

const right = () => 0;

describe("a service whose clock is behind", () => {
  test.each([12, 45, 120, 600])("by %i s is placed by when its data arrives, and that is said", (seconds) => {
    const records = received(sent({ from: 1, to: 31, behind: () => seconds * S }));
    const { engine, publications } = run(records);
    expect(behindSeconds(engine)).toBeCloseTo(seconds, 0);
    expect(at(31) - (engine.watermarkMs ?? 0)).toBeLessThan(4 * S);
    const last = publications.at(-1);
    expect(at(31) - (last?.timeMs ?? 0)).toBeLessThan(12 * S);
    expect(last?.values.trades_per_minute).toBeGreaterThan(80);
    expect(engine.current().services.desk?.clockBehind).toBeGreaterThan(100);
    const { engine: fresh } = run([]);
    expect(noticesOf(records, fresh)).toEqual([
      { kind: "clock", service: "desk", instance: "a", behindSeconds: seconds },
    ]);
  });

  it("takes nothing away from one whose clock is right, nor that one from it", () => {
    const slow = sent({ service: "slow", from: 1, to: 61, behind: () => 10 * MINUTE });
    const good = sent({ service: "good", from: 1, to: 61, behind: right });
    const { engine } = run(received(slow, good));
    expect(behindSeconds(engine, "good")).toBe(0);
    expect(behindSeconds(engine, "slow")).toBeCloseTo(600, 0);
    expect(engine.current().services.good).toMatchObject({ received: 240, late: 0, clockBehind: 0 });
    // Until it is known: four seconds of data.
    expect(engine.current().services.slow?.late).toBeLessThanOrEqual(20);
    expect(statistic(engine, "trades_per_minute").count).toBeGreaterThan(440);
  });

  it("is not known before the sixth receipt, and placed as it says until then", () => {
    const receipts = (count: number) => sent({ from: 1, to: 1 + count, behind: () => 45 * S, every: 1 });
    const five = run(received(receipts(5))).engine;
    expect(behindSeconds(five)).toBeUndefined();
    expect(at(5) - (five.watermarkMs ?? 0)).toBe(45 * S);
    expect(behindSeconds(run(received(receipts(6))).engine)).toBeCloseTo(45, 0);
  });

  it("by less than that stays as it is", () => {
    const { engine } = run(received(sent({ from: 1, to: 61, behind: () => 4 * S })));
    expect(behindSeconds(engine)).toBe(0);
    expect(engine.current().services.desk).toMatchObject({ clockBehind: 0 });
  });

  it("sends in batches, and few trades", () => {
    const many = sent({ from: 0, to: 60, behind: () => 45 * S, batch: 5 });
    expect(behindSeconds(run(received(many)).engine)).toBeCloseTo(45, 0);
    const few = sent({ from: 0, to: 300, behind: () => 45 * S, every: 7, batch: 5 });
    const seconds = behindSeconds(run(received(few)).engine) ?? 0;
    expect(seconds).toBeGreaterThanOrEqual(45);
    expect(seconds).toBeLessThan(50);
  });

  it("has gauges that are known", () => {
    const records = Array.from({ length: 60 }, (_, i) =>
      metrics([point("openPositions", i, at(i) - 2 * MINUTE)], at(i)),
    );
    const { engine } = run(received(records));
    expect(statistic(engine, "active_positions").value).toBeGreaterThan(50);
  });

  it("has no rate that is too low while it is found", () => {
    for (const behind of [45 * S, 2 * MINUTE, 3 * 60 * MINUTE, 365 * 24 * 60 * MINUTE]) {
      const records = received(sent({ from: 1, to: 61, behind: () => behind }));
      const { instants } = run(records);
      const rates = [...instants.values()].map((values) => Number(values.trades_per_minute ?? 240));
      expect(Math.min(...rates)).toBeGreaterThan(220);
      expect(Math.max(...rates)).toBeLessThan(260);
    }
  });

  it("is not that of a service whose process has ended", () => {
    const slow = sent({ from: 1, to: 30, behind: () => 45 * S, instance: "old" });
    const until = (to: number) => run(received(slow, sent({ from: 30, to, behind: right }))).engine;
    expect(behindSeconds(until(60))).toBeCloseTo(45, 0);
    expect(behindSeconds(until(170))).toBe(0);
  });

  it("is found if it sends less than once in two minutes", () => {
    const rare = sent({ from: 0, to: 1_500, behind: () => 150 * S, every: 130, batch: 1 });
    expect(behindSeconds(run(received(rare)).engine)).toBeCloseTo(151, 0);
  });

  it("is set: forward it is right at once, back it is found to be behind", () => {
    const steps = (second: number): number => (second < 30 || second > 60 ? 45 * S : 0);
    const records = received(sent({ from: 1, to: 90, behind: steps }));
    const { engine } = run(records);
    expect(behindSeconds(engine)).toBeCloseTo(45, 0);
    const notices = noticesOf(records, run([]).engine);
    expect(notices.map((notice) => notice.kind === "clock" && notice.behindSeconds)).toEqual([45, null, 45]);
    expect(statistic(engine, "trades_per_minute").count).toBeGreaterThan(220);
  });

  it("drifts, and is followed", () => {
    const { engine } = run(received(sent({ from: 1, to: 600, behind: (second) => 30 * S + 2 * second })));
    expect(behindSeconds(engine)).toBeCloseTo(31, 0);
    expect(engine.current().services.desk?.late).toBeLessThan(10);
  });

  it("goes on from where its host was suspended", () => {
    const before = sent({ from: 1, to: 60, behind: right });
    const after = sent({ from: 180, to: 240, behind: () => 2 * MINUTE });
    const { engine } = run(received(before, after));
    expect(behindSeconds(engine)).toBeCloseTo(120, 0);
    expect(at(240) - (engine.watermarkMs ?? 0)).toBeLessThan(4 * S);
  });
});

describe("a backlog", () => {
  /** What ended in [from, to), received from `receipt` on so many times as fast, and live afterwards. */
  function backlog(from: number, to: number, receipt: number, times: number): EngineRecord[] {
    const spans = sent({ from, to, behind: right });
    return spans.map(({ batch }, i) => ({ receivedMs: at(receipt + (0.25 * i) / times), batch }));
  }

  test.each([3, 20, 500])("that arrives %i times as fast as it came about is no wrong clock", (times) => {
    const before = sent({ from: 1, to: 60, behind: right });
    const outage = backlog(60, 360, 360, times);
    const endS = 360 + 300 / times;
    const after = sent({ from: endS, to: endS + 60, behind: right });
    const { engine, instants } = run(received(before, outage, after));
    expect(behindSeconds(engine)).toBe(0);
    expect(engine.current().services.desk?.clockBehind).toBe(0);
    expect(instants.get(at(120))?.trades_per_minute).toBe(240);
  });

  test.each([3, 20, 500])("that a new process begins with, %i times as fast, is none either", (times) => {
    const records = backlog(0, 300, 300, times);
    const { engine, instants } = run(received(records));
    expect(engine.current().services.desk?.clockBehind).toBe(0);
    expect(instants.get(at(120))?.trades_per_minute).toBe(240);
  });

  it("of a process whose clock is behind is what is left after that", () => {
    const behind = () => 45 * S;
    const before = sent({ from: 1, to: 60, behind });
    const outage = sent({ from: 60, to: 180, behind }).map(({ batch }, i) => ({
      receivedMs: at(180 + (0.25 * i) / 20),
      batch,
    }));
    const after = sent({ from: 187, to: 240, behind });
    const { engine, instants } = run(received(before, outage, after));
    expect(behindSeconds(engine)).toBeCloseTo(45, 0);
    expect(instants.get(at(120))?.trades_per_minute).toBeCloseTo(240, -1);
  });
});
