import { describe, expect, it } from "vitest";
import { reading, rule } from "./testing/rules.ts";
import { Run, START_MS, told } from "./testing/run.ts";

const warning = rule("slow");
const critical = rule("stuck", { severity: "critical", mutes: [{ rule: "slow", equal: [] }] });

describe("inhibition", () => {
  it("mutes an alert while another fires, in whatever order they are read", () => {
    for (const read of [
      { slow: 101, stuck: 101 },
      { stuck: 101, slow: 101 },
    ]) {
      const run = new Run(warning, critical);
      expect(told(run.at(0, read))).toEqual([
        "firing slow/1 occurrence 1 warning (inhibition)",
        "firing stuck/1 occurrence 1 critical",
      ]);
      expect(run.book.view()).toMatchObject([{ inhibitedBy: "stuck" }, { inhibitedBy: null }]);
    }
  });

  it("ends when the other resolves: what fires still is sent then", () => {
    const run = new Run(warning, critical);
    run.at(0, { slow: 101, stuck: 101 });
    expect(told(run.at(10, { stuck: 99 }))).toEqual([
      "firing slow/1 occurrence 1 warning",
      "resolved stuck/1 occurrence 1 critical",
    ]);
  });

  it("sends nothing of an alert that resolves with the other, or no longer holds then", () => {
    const run = new Run(warning, critical);
    run.at(0, { slow: 101, stuck: 101 });
    expect(told(run.at(10, { slow: 99, stuck: 99 }))).toEqual([
      "resolved slow/1 occurrence 1 warning (unsent)",
      "resolved stuck/1 occurrence 1 critical",
    ]);

    const slowToClear = new Run(rule("slow", { clearForSeconds: 60 }), critical);
    slowToClear.at(0, { slow: 101, stuck: 101 });
    expect(told(slowToClear.at(10, { slow: 99, stuck: 99 }))).toEqual([
      "resolved stuck/1 occurrence 1 critical",
    ]);
    expect(told(slowToClear.at(20, { slow: 101 }))).toEqual(["firing slow/1 occurrence 1 warning"]);
  });

  it("does not end suppression", () => {
    const run = new Run(warning, critical);
    run.at(0, { slow: 101, stuck: 99 });
    run.at(10, { slow: 99, stuck: 101 });
    expect(told(run.at(20, { slow: 101 }))).toEqual(["firing slow/2 occurrence 2 warning (inhibition)"]);
    expect(told(run.at(30, { stuck: 99 }))).toEqual(["resolved stuck/1 occurrence 1 critical"]);
    expect(run.book.dueMs).toBe(START_MS + 300_000);
    expect(told(run.at(300))).toEqual(["escalated slow/2 occurrence 3 critical"]);
  });

  it("sends the end of a firing that was sent before", () => {
    const run = new Run(warning, critical);
    run.at(0, { slow: 101, stuck: 99 });
    run.at(1, { slow: 101, stuck: 101 });
    expect(told(run.at(2, { slow: 99 }))).toEqual(["resolved slow/1 occurrence 1 warning"]);
  });

  it("needs the labels `equal` on both sides, with the same values", () => {
    const mutes = [{ rule: "slow", equal: ["pair"] }];
    const run = new Run(warning, rule("stuck", { mutes }));
    const of = (labels: Record<string, string>) => reading(101, { labels });
    const slow = [of({ pair: "A" }), of({ pair: "B" }), of({ size: "1" })];
    expect(told(run.at(0, { slow, stuck: [of({ pair: "A", venue: "x" }), of({ size: "1" })] }))).toEqual([
      "firing slow:pair=A/1 occurrence 1 warning (inhibition)",
      "firing slow:pair=B/1 occurrence 1 warning",
      "firing slow:size=1/1 occurrence 1 warning",
      "firing stuck:pair=A,venue=x/1 occurrence 1 warning",
      "firing stuck:size=1/1 occurrence 1 warning",
    ]);
  });

  it("never mutes both of two rules that mute one another, nor a rule by itself", () => {
    const run = new Run(
      rule("slow", { mutes: [{ rule: "stuck", equal: [] }] }),
      rule("stuck", { severity: "critical", mutes: [{ rule: "slow", equal: [] }] }),
      rule("other", { mutes: [{ rule: "other", equal: [] }] }),
    );
    expect(told(run.at(0, { slow: 101, stuck: 101, other: 101 }))).toEqual([
      "firing slow/1 occurrence 1 warning (inhibition)",
      "firing stuck/1 occurrence 1 critical",
      "firing other/1 occurrence 1 warning",
    ]);
  });

  it("lets one of a circle of rules be heard", () => {
    const ring = (id: string, next: string) => rule(id, { mutes: [{ rule: next, equal: [] }] });
    const run = new Run(ring("a", "b"), ring("b", "c"), ring("c", "a"));
    const sent = run.at(0, { a: 101, b: 101, c: 101 }).filter(({ muted }) => muted === undefined);
    expect(told(sent)).toEqual(["firing a/1 occurrence 1 warning"]);
  });

  it("waits for a rule that was never read, but not for long", () => {
    const run = new Run(warning, critical);
    expect(run.at(0, { slow: 101 })).toMatchObject([{ muted: { by: "inhibition", alert: "stuck" } }]);
    expect(told(run.at(1, { stuck: 99 }))).toEqual(["firing slow/1 occurrence 1 warning"]);

    const never = new Run(warning, critical);
    never.at(0, { slow: 101 });
    expect(never.book.dueMs).toBe(START_MS + 60_000);
    expect(told(never.at(60))).toEqual(["firing slow/1 occurrence 1 warning"]);
  });

  it("goes on while the other is silenced, acknowledged or without data", () => {
    const run = new Run(warning, critical);
    run.silence(0, "s", 1000, "alertname", "stuck");
    run.at(0, { slow: 99, stuck: 101 });
    run.at(1, { stuck: null });
    expect(told(run.at(2, { slow: 101 }))).toEqual(["firing slow/1 occurrence 1 warning (inhibition)"]);
  });
});
