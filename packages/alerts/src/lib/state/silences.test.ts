import { describe, expect, it } from "vitest";
import { MOST_SILENCES } from "./silences.ts";
import { reading, rule } from "./testing/rules.ts";
import { Run, START_MS, told } from "./testing/run.ts";

const latency = rule("latency");
const by = "ops";

describe("a silence", () => {
  it("mutes what matches; when it ends while the alert fires, that is sent at once and names it", () => {
    const run = new Run(latency);
    expect(run.silence(0, "s1", 100)).toEqual([]);
    expect(run.at(1, { latency: 101 })).toMatchObject([{ muted: { by: "silence", silence: "s1" } }]);
    expect(run.book.view()).toMatchObject([{ silencedBy: "s1" }]);
    expect(run.book.dueMs).toBe(START_MS + 100_000);
    expect(run.at(99)).toEqual([]);
    const [sent] = run.at(100);
    expect(sent).toMatchObject({
      kind: "firing",
      occurrence: 1,
      silenceEnded: { id: "s1", comment: "for s1" },
    });
    expect(sent?.muted).toBeUndefined();
    expect(told(run.at(101, { latency: 99 }))).toEqual(["resolved latency/1 occurrence 1 warning"]);
  });

  it("ends at once if it is ended by hand, also within suppression", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.silence(10, "s1", 10_000);
    expect(run.command(20, { command: "expire", id: "s1" })).toMatchObject([
      { kind: "firing", occurrence: 1, silenceEnded: { id: "s1" } },
    ]);
    expect(run.command(21, { command: "expire", id: "s1" })).toEqual([]);
    expect(told(run.at(320))).toEqual(["firing latency/1 occurrence 2 warning"]);
  });

  it("does not keep the end of a firing that was sent before from being sent", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.silence(10, "s1", 10_000);
    expect(told(run.at(20, { latency: 99 }))).toEqual(["resolved latency/1 occurrence 1 warning"]);
  });

  it("hides an alert that came and went", () => {
    const run = new Run(latency);
    run.silence(0, "s1", 100);
    run.at(1, { latency: 101 });
    expect(told(run.at(2, { latency: 99 }))).toEqual(["resolved latency/1 occurrence 1 warning (unsent)"]);
    expect(run.at(100)).toEqual([]);
    expect(run.book.silences()).toEqual([]);
  });

  it("goes on counting occurrences, and what it muted of them is sent at its end", () => {
    const run = new Run(latency);
    run.silence(0, "s1", 700);
    run.at(0, { latency: 101 });
    run.at(300);
    expect(told(run.at(600))).toEqual(["escalated latency/1 occurrence 3 critical (silence)"]);
    expect(told(run.at(700))).toEqual(["escalated latency/1 occurrence 3 critical"]);
  });

  it("ends only when the last one that matches does", () => {
    const run = new Run(latency);
    run.silence(0, "s2", 200, "severity", "warning");
    run.silence(0, "s1", 100);
    run.at(1, { latency: 101 });
    expect(run.at(100)).toEqual([]);
    expect(run.at(200)).toMatchObject([{ silenceEnded: { id: "s2" } }]);
  });

  it("that ends while the alert is about to resolve is told of all the same", () => {
    const run = new Run(rule("latency", { clearForSeconds: 50 }));
    run.silence(0, "s", 50);
    run.at(0, { latency: 101 });
    run.at(40, { latency: 1 });
    expect(run.at(50)).toMatchObject([{ kind: "firing", value: 1, silenceEnded: { id: "s" } }]);
  });

  it("that ends while the alert is acknowledged is not told of, then or later", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.silence(1, "s", 50);
    run.command(2, { command: "acknowledge", alert: "latency", episode: 1, by, comment: "" });
    expect(run.at(50)).toEqual([]);
    run.at(300);
    const [escalated] = run.at(600);
    expect([escalated?.kind, escalated?.silenceEnded]).toEqual(["escalated", undefined]);
  });

  it("for a severity does not hold for a higher one", () => {
    const run = new Run(latency);
    run.silence(0, "s1", 10_000, "severity", "warning");
    run.at(0, { latency: 101 });
    run.at(300);
    const [escalated] = run.at(600);
    expect(escalated).toMatchObject({ kind: "escalated" });
    expect([escalated?.muted, escalated?.silenceEnded]).toEqual([undefined, undefined]);
  });

  it("matches the labels of the series and of the rule, as Prometheus does", () => {
    const run = new Run(rule("latency", { labels: { team: "core" } }));
    const matchers = [
      { label: "operation", operator: "=~", value: "solana\\..*|db" },
      { label: "team", operator: "!=", value: "edge" },
      { label: "absent", operator: "=", value: "" },
    ] as const;
    run.command(0, { command: "silence", id: "s", matchers, untilMs: START_MS + 1_000_000, by, comment: "" });
    const of = (operation: string) => reading(101, { labels: { operation } });
    expect(told(run.at(1, { latency: [of("solana.rpc"), of("xdb"), of("db")] }))).toEqual([
      "firing latency:operation=db,team=core/1 occurrence 1 warning (silence)",
      "firing latency:operation=solana.rpc,team=core/1 occurrence 1 warning (silence)",
      "firing latency:operation=xdb,team=core/1 occurrence 1 warning",
    ]);
  });

  it("is replaced by one with the same id, and an alert that it no longer mutes is sent", () => {
    const run = new Run(latency);
    run.silence(0, "s", 1000);
    run.at(1, { latency: 101 });
    expect(told(run.silence(2, "s", 1000, "alertname", "other"))).toEqual([
      "firing latency/1 occurrence 1 warning",
    ]);
    expect(run.book.silences()).toMatchObject([{ id: "s", sinceMs: START_MS, by: "ops" }]);
  });

  it("that has ended already, cannot match or is one too many is none", () => {
    const run = new Run(latency);
    run.silence(5, "past", 5);
    const matchers = [{ label: "pair", operator: "=~", value: "(" }] as const;
    run.command(5, {
      command: "silence",
      id: "bad",
      matchers,
      untilMs: START_MS + 9_000_000,
      by,
      comment: "",
    });
    expect(run.book.silences()).toEqual([]);
    for (let i = 0; i <= MOST_SILENCES; i += 1) run.silence(6, `s${i}`, 1000 + i);
    expect(run.book.silences()).toHaveLength(MOST_SILENCES);
  });
});
