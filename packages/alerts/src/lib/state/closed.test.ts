import { describe, expect, it } from "vitest";
import { AlertBook } from "./alert-book.ts";
import { reading, rule } from "./testing/rules.ts";
import { Run, told } from "./testing/run.ts";

const close = { command: "close", alert: "latency", episode: 1, by: "ana", comment: "gone" } as const;

describe("an alert that somebody closes", () => {
  it("resolves, and says who closed it", () => {
    const run = new Run(rule("latency"));
    run.at(0, { latency: 101 });
    const closed = run.command(1, close);
    expect(told(closed)).toEqual(["resolved latency/1 occurrence 1 warning"]);
    expect(closed).toMatchObject([{ endReason: "closed", closedBy: { by: "ana", comment: "gone" } }]);
    expect(run.book.view()).toEqual([]);
  });

  it("does not fire again before its condition is known not to hold", () => {
    const run = new Run(rule("latency"));
    run.at(0, { latency: 101 });
    run.command(1, close);
    expect(run.at(2, { latency: 500 })).toEqual([]);
    expect(run.at(3, { latency: null })).toEqual([]);
    expect(run.at(4, { latency: [] })).toEqual([]);
    expect(run.at(5, { latency: 500 })).toEqual([]);
    expect(run.at(6, { latency: 1 })).toEqual([]);
    expect(told(run.at(400, { latency: 101 }))).toEqual(["firing latency/2 occurrence 2 warning"]);
  });

  it("is only that series, and only that episode", () => {
    const run = new Run(rule("latency"));
    const of = (pair: string) => reading(101, { labels: { pair } });
    run.at(0, { latency: [of("A"), of("B")] });
    expect(run.command(1, { ...close, alert: "latency:pair=A", episode: 2 })).toEqual([]);
    run.command(2, { ...close, alert: "latency:pair=A" });
    run.at(3, { latency: [of("A"), of("B")] });
    expect(run.book.view()).toMatchObject([{ alert: "latency:pair=B", state: "firing" }]);
  });

  it("stays closed after a restart, and nothing is closed in what version 1 saved", () => {
    const run = new Run(rule("latency"));
    run.at(0, { latency: 101 });
    const { closed: _, ...version1 } = run.book.save() as Record<string, never>;
    run.command(1, close);
    const restored = new Run(rule("latency"));
    restored.book.load(run.book.save());
    expect(restored.at(2, { latency: 101 })).toEqual([]);
    const older = new Run(rule("latency"));
    older.book.load(
      new AlertBook(() => ({ title: "", lines: [], evidence: [], links: [] })).migrations[1]?.(version1) ??
        null,
    );
    expect(older.book.view()).toMatchObject([{ alert: "latency", state: "firing" }]);
  });
});
