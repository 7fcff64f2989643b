import { describe, expect, it } from "vitest";
import { rule } from "./testing/rules.ts";
import { Run, START_MS, told } from "./testing/run.ts";

const latency = rule("latency", { escalation: { after: null, severity: "critical", channels: [] } });
const escalating = rule("latency");

describe("suppression", () => {
  it("sends an alert that goes on firing again each time its period ends", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    expect(run.book.dueMs).toBe(START_MS + 300_000);
    expect(run.at(299.999, { latency: 101 })).toEqual([]);
    expect(told(run.at(300))).toEqual(["firing latency/1 occurrence 2 warning"]);
    expect(told(run.at(650, { latency: 101 }))).toEqual(["firing latency/1 occurrence 3 warning"]);
    expect(run.book.dueMs).toBe(START_MS + 950_000);
  });

  it("counts what fires again within the period, sends neither it nor its end", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    expect(told(run.at(10, { latency: 99 }))).toEqual(["resolved latency/1 occurrence 1 warning"]);
    expect(told(run.at(20, { latency: 101 }))).toEqual([
      "firing latency/2 occurrence 2 warning (suppression)",
    ]);
    expect(told(run.at(30, { latency: 99 }))).toEqual(["resolved latency/2 occurrence 2 warning (unsent)"]);
    expect(told(run.at(40, { latency: 101 }))).toEqual([
      "firing latency/3 occurrence 3 warning (suppression)",
    ]);
    expect(told(run.at(300))).toEqual(["firing latency/3 occurrence 4 warning"]);
    expect(told(run.at(310, { latency: 99 }))).toEqual(["resolved latency/3 occurrence 4 warning"]);
  });

  it("counts from what was sent, not from what was muted", () => {
    const run = new Run(latency);
    run.silence(0, "s", 60);
    expect(told(run.at(0, { latency: 101 }))).toEqual(["firing latency/1 occurrence 1 warning (silence)"]);
    run.at(10, { latency: 99 });
    run.at(60);
    expect(told(run.at(70, { latency: 101 }))).toEqual(["firing latency/2 occurrence 2 warning"]);
  });

  it("can be off: then nothing is repeated, and nothing muted", () => {
    const run = new Run(rule("latency", { suppressSeconds: 0 }));
    run.at(0, { latency: 101 });
    expect(run.book.dueMs).toBeUndefined();
    expect(run.at(10_000, { latency: 101 })).toEqual([]);
    run.at(10_001, { latency: 99 });
    expect(told(run.at(10_001, { latency: 101 }))).toEqual(["firing latency/2 occurrence 2 warning"]);
  });

  it("begins to count at 1 again after half an hour without firing", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.at(10, { latency: 99 });
    run.at(1809, { latency: 101 });
    run.at(1810, { latency: 99 });
    expect(told(run.at(3610, { latency: 101 }))).toEqual(["firing latency/3 occurrence 1 warning"]);
  });

  it("does not repeat while the condition no longer holds or nobody knows, but as soon as it holds again", () => {
    const run = new Run(rule("latency", { clearForSeconds: 600 }));
    run.at(0, { latency: 101 });
    run.at(200, { latency: 99 });
    expect(run.at(400, { latency: 99 })).toEqual([]);
    expect(told(run.at(500, { latency: 101 }))).toEqual(["firing latency/1 occurrence 2 warning"]);
    run.at(510, { latency: null });
    expect(run.at(900, { latency: null })).toEqual([]);
    expect(told(run.at(901, { latency: 101 }))).toEqual(["escalated latency/1 occurrence 3 critical"]);
  });
});

describe("escalation", () => {
  it("comes with the third occurrence, with a higher severity from then on", () => {
    const run = new Run(escalating);
    run.at(0, { latency: 101 });
    expect(told(run.at(300))).toEqual(["firing latency/1 occurrence 2 warning"]);
    expect(told(run.at(600))).toEqual(["escalated latency/1 occurrence 3 critical"]);
    expect(told(run.at(900))).toEqual(["firing latency/1 occurrence 4 critical"]);
    expect(told(run.at(901, { latency: 1 }))).toEqual(["resolved latency/1 occurrence 4 critical"]);
    expect(told(run.at(1300, { latency: 101 }))).toEqual(["firing latency/2 occurrence 5 critical"]);
    run.at(1301, { latency: 99 });
    expect(told(run.at(4000, { latency: 101 }))).toEqual(["firing latency/3 occurrence 1 warning"]);
  });

  it("is sent within suppression, and begins a period of its own", () => {
    const run = new Run(escalating);
    run.at(0, { latency: 101 });
    run.at(1, { latency: 99 });
    run.at(2, { latency: 101 });
    run.at(3, { latency: 99 });
    expect(told(run.at(4, { latency: 101 }))).toEqual(["escalated latency/3 occurrence 3 critical"]);
    expect(run.at(303)).toEqual([]);
    expect(told(run.at(304))).toEqual(["firing latency/3 occurrence 4 critical"]);
  });

  it("adds channels, of which its end is told too", () => {
    const channels = ["oncall"];
    const run = new Run(
      rule("latency", { severity: "critical", escalation: { after: 2, severity: "critical", channels } }),
    );
    expect(run.at(0, { latency: 101 })).toMatchObject([{ kind: "firing", channels: [] }]);
    expect(run.at(300)).toMatchObject([{ kind: "escalated", severity: "critical", channels }]);
    expect(run.at(301, { latency: 99 })).toMatchObject([{ kind: "resolved", channels }]);
  });

  it("does not come if it would change nothing", () => {
    const run = new Run(rule("latency", { severity: "critical" }));
    run.at(0, { latency: 101 });
    run.at(300);
    expect(told(run.at(600))).toEqual(["firing latency/1 occurrence 3 critical"]);
  });
});

describe("an acknowledgement", () => {
  const acknowledge = (run: Run, seconds: number, episode: number) =>
    run.command(seconds, { command: "acknowledge", alert: "latency", episode, by: "ops", comment: "on it" });

  it("ends repeats until a higher severity ends it", () => {
    const run = new Run(escalating);
    run.at(0, { latency: 101 });
    const [acknowledged] = acknowledge(run, 10, 1);
    expect(acknowledged).toMatchObject({
      ...{ key: "latency/1/2", kind: "acknowledged", occurrence: 1 },
      acknowledgement: { by: "ops", comment: "on it" },
    });
    expect(acknowledged?.muted).toBeUndefined();
    expect(run.book.view()).toMatchObject([{ acknowledged: { by: "ops", atMs: START_MS + 10_000 } }]);
    expect(told(run.at(300))).toEqual(["firing latency/1 occurrence 2 warning (acknowledgement)"]);
    expect(told(run.at(600))).toEqual(["escalated latency/1 occurrence 3 critical"]);
    expect(run.book.view()).toMatchObject([{ acknowledged: null }]);
    expect(told(run.at(900))).toEqual(["firing latency/1 occurrence 4 critical"]);
  });

  it("belongs to one episode, and counts once", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    expect(acknowledge(run, 1, 2)).toEqual([]);
    expect(acknowledge(run, 2, 1)).toHaveLength(1);
    expect(acknowledge(run, 3, 1)).toEqual([]);
    expect(told(run.at(4, { latency: 99 }))).toEqual(["resolved latency/1 occurrence 1 warning"]);
    expect(acknowledge(run, 5, 1)).toEqual([]);
    expect(told(run.at(400, { latency: 101 }))).toEqual(["firing latency/2 occurrence 2 warning"]);
    expect(told(run.at(700))).toEqual(["firing latency/2 occurrence 3 warning"]);
  });

  it("of a firing that nobody was told of is told to nobody, nor is what is left of it", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.at(1, { latency: 99 });
    run.at(2, { latency: 101 });
    expect(told(acknowledge(run, 3, 2))).toEqual(["acknowledged latency/2 occurrence 2 warning (unsent)"]);
    expect(told(run.at(300))).toEqual(["firing latency/2 occurrence 3 warning (acknowledgement)"]);
    expect(told(run.at(301, { latency: 99 }))).toEqual(["resolved latency/2 occurrence 3 warning (unsent)"]);
  });
});
