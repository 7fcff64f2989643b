import { describe, expect, it } from "vitest";
import { condition, reading, rule } from "./testing/rules.ts";
import { Run, START_MS, told } from "./testing/run.ts";

const DAY = 86_400;
const latency = rule("latency", { minSamples: 100 });

describe("no data", () => {
  it.each([
    ["a value that is unknown", { value: null, reason: "no calls" }, "no calls"],
    ["one that is no number", { value: Number.NaN }, "no value"],
    ["too few samples", { count: 99 }, "99 samples, 100 needed"],
    ["a word in place of a number", { value: "open" }, '"open" cannot be compared with 100'],
  ])("is %s: it neither fires nor clears, and is shown", (_name, some, reason) => {
    const run = new Run(latency);
    expect(run.at(0, { latency: [reading(500, some)] })).toEqual([]);
    expect(run.book.view()).toEqual([
      {
        ...{ alert: "latency", rule: "latency", labels: {}, state: "no_data", noData: true, reason },
        ...{ sinceMs: START_MS, value: null, worst: null, unit: "", count: 0, severity: "warning" },
        ...{ episode: 0, occurrence: 0, acknowledged: null, silencedBy: null, inhibitedBy: null },
      },
    ]);
    expect(run.book.ruleViews()).toEqual([
      {
        ...{ rule: "latency", state: "no_data", reason, series: 1, unknown: 1 },
        ...{ pending: 0, firing: 0, beyond: 0 },
      },
    ]);
    expect(run.at(1, { latency: 101 })).toHaveLength(1);
    expect(run.at(2, { latency: [reading(1, some)] })).toEqual([]);
    expect(run.book.view()).toMatchObject([
      { state: "firing", noData: true, reason, value: null, worst: 101 },
    ]);
  });

  it("is also a statistic without series, and a series that is gone", () => {
    const run = new Run(latency);
    run.at(0, { latency: [] });
    expect(run.book.view()).toMatchObject([{ state: "no_data", reason: "no series", sinceMs: START_MS }]);
    const of = (pair: string) => reading(101, { labels: { pair } });
    run.at(1, { latency: [of("A"), of("B")] });
    expect(run.at(2, { latency: [of("B")] })).toEqual([]);
    expect(run.book.view()).toMatchObject([
      { alert: "latency:pair=A", state: "firing", noData: true, reason: "the series is gone" },
      { alert: "latency:pair=B", state: "firing", noData: false },
    ]);
    expect(run.book.ruleViews()).toMatchObject([{ state: "firing", series: 1, unknown: 0, firing: 2 }]);
  });

  it("is none of a rule that was not read", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.at(1);
    expect(run.book.view()).toMatchObject([{ state: "firing", noData: false, value: 101 }]);
  });

  it("stops the time that the condition must not hold", () => {
    const run = new Run(rule("latency", { clearForSeconds: 60 }));
    run.at(0, { latency: 101 });
    run.at(10, { latency: 99 });
    run.at(40, { latency: null });
    expect(run.at(200, { latency: 99 })).toEqual([]);
    expect(run.at(229, { latency: 99 })).toEqual([]);
    expect(told(run.at(230))).toEqual(["resolved latency/1 occurrence 1 warning"]);
  });

  it("of a day resolves what fires, with the reason", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.at(10, { latency: null });
    expect(run.book.dueMs).toBe(START_MS + (10 + DAY) * 1000);
    expect(run.at(9 + DAY, { latency: null })).toEqual([]);
    expect(run.at(10 + DAY)).toMatchObject([
      { kind: "resolved", endReason: "no_data", value: null, worst: 101 },
    ]);
    expect(run.book.ruleViews()).toMatchObject([{ state: "no_data", firing: 0 }]);
  });

  it("of a day ends what is pending, without a word", () => {
    const run = new Run(rule("latency", { forSeconds: 60 }));
    run.at(0, { latency: [reading(101, { labels: { pair: "A" } })] });
    run.at(10, { latency: [] });
    expect(run.at(10 + DAY)).toEqual([]);
    expect(run.book.view()).toMatchObject([{ alert: "latency", state: "no_data" }]);
    expect(run.book.dueMs).toBeUndefined();
  });
});

describe("hysteresis", () => {
  it("lets an alert resolve once its value has been behind the second threshold for long enough", () => {
    const run = new Run(rule("latency", { clearThreshold: 80, clearForSeconds: 30 }));
    expect(run.at(0, { latency: 90 })).toEqual([]);
    run.at(1, { latency: 101 });
    run.at(2, { latency: 81 });
    expect(run.book.view()).toMatchObject([{ state: "firing", value: 81 }]);
    run.at(100, { latency: 80 });
    run.at(101);
    expect(run.book.dueMs).toBe(START_MS + 130_000);
    run.at(129, { latency: 81 });
    run.at(130, { latency: 79 });
    expect(run.at(159, { latency: 79 })).toEqual([]);
    expect(told(run.at(160, { latency: 79 }))).toEqual(["resolved latency/1 occurrence 1 warning"]);
  });

  it("works downward too", () => {
    const run = new Run(rule("rate", { when: condition("rate", "<", 80), clearThreshold: 90 }));
    expect(run.at(0, { rate: 85 })).toEqual([]);
    expect(run.at(1, { rate: 79 })).toHaveLength(1);
    run.at(2, { rate: 60 });
    expect(run.at(3, { rate: 89 })).toEqual([]);
    expect(run.at(4, { rate: 90 })).toMatchObject([{ kind: "resolved", worst: 60 }]);
  });
});

describe("a word", () => {
  it.each([
    ["==", "open", "closed"],
    ["!=", "closed", "open"],
  ] as const)("is compared by %s", (operator, fires, clears) => {
    const run = new Run(rule("breaker", { when: condition("breaker", operator, "open") }));
    expect(run.at(0, { breaker: clears })).toEqual([]);
    expect(run.at(1, { breaker: fires })).toMatchObject([
      { kind: "firing", value: fires, threshold: "open" },
    ]);
    expect(run.at(2, { breaker: clears })).toMatchObject([{ kind: "resolved", value: clears, worst: fires }]);
  });
});
