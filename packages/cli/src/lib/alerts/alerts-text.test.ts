import { describe, expect, it } from "vitest";
import { alertAnswer, alertsAnswer, noDataAlert } from "../testing/alerts.ts";
import { alertChanges } from "./alert-changes.ts";
import { alertsText } from "./alerts-text.ts";
import { unattended } from "./attention.ts";
import { findAlert } from "./find-alert.ts";

const nowMs = Date.parse("2026-01-02T03:04:06Z");
const redis = alertAnswer({
  id: "sink-failing:sink=redis",
  rule: "sink-failing",
  ...{ value: "down", unit: "", severity: "warning", episode: 2, occurrence: 3 },
});
const acknowledged = { by: "ann", comment: "on it", at: "2026-01-02T03:04:00.000Z" };

describe("the list of alerts", () => {
  it("has what a person needs to know of each, and counts", () => {
    const noData = alertAnswer({ id: "slow", noData: true, reason: "no calls", inhibitedBy: "other" });
    const lines = alertsText(
      alertsAnswer(alertAnswer(), { ...redis, acknowledged, silencedBy: "abc" }, noData, noDataAlert),
      nowMs,
    ).split("\n");
    expect(lines[0]).toBe("3 alerts firing, 1 without data; 1 rule on");
    expect(lines[3]).toMatch(/^critical +firing +node-latency-critical +245ms +35 s$/);
    expect(lines[4]).toMatch(
      /^warning +firing +sink-failing:sink=redis +down +35 s +occurrence 3; acknowledged by ann: on it; silenced by abc$/,
    );
    expect(lines[5]).toMatch(/slow .* muted by other; no data: no calls$/);
    expect(lines[6]).toMatch(/^warning +no data +mev-avoidance-low +– +35 s +no MEV verdicts yet$/);
  });

  it("says that nothing fires, and what a backlog has hidden", () => {
    const digest = { at: "2026-01-02T03:00:00.000Z", entries: [{ alert: "a", times: 2 }], more: 1 };
    const text = alertsText({ ...alertsAnswer(), digest }, nowMs);
    expect(text).toMatch(/^no alert firing; 1 rule on\n\nWhile a backlog .*03:00.*resolved 3 times:/);
  });
});

describe("an alert that is to be acknowledged", () => {
  const postgres = { ...redis, id: "sink-failing:sink=postgres" };
  it.each([
    ["sink-failing:sink=redis", [redis, postgres], redis.id],
    ["sink-failing", [redis, alertAnswer()], redis.id],
    ["node-latency-critical", [redis, alertAnswer()], "node-latency-critical"],
  ])("is found by %s", (name, alerts, id) => {
    expect(findAlert(alerts, name).id).toBe(id);
  });

  it.each([
    ["sink-failing", [redis, postgres], "usage", /name one of them: .*redis, .*postgres/],
    [
      "mev-avoidance-low",
      [noDataAlert, redis],
      "failed",
      /does not fire \(no data\), .*Firing: sink-failing:sink=redis/,
    ],
    ["none", [noDataAlert], "failed", /none does not fire, .*Firing: none/],
  ])("is not found by %s", (name, alerts, code, message) => {
    expect(() => findAlert(alerts, name)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

it("an alert needs attention if it fires and nobody knows of it", () => {
  expect(() => unattended([redis])).toThrow(expect.objectContaining({ code: "failed" }));
  for (const over of [{ acknowledged }, { silencedBy: "abc" }, { inhibitedBy: "other" }]) {
    expect(() => unattended([{ ...redis, ...over }, noDataAlert])).not.toThrow();
  }
});

it("changes of alerts are told, each in a line", () => {
  const changes = (before: readonly (typeof redis)[], after: readonly (typeof redis)[]) =>
    alertChanges(alertsAnswer(...before), alertsAnswer(...after));
  expect(changes([], [redis, noDataAlert])).toEqual(["warning: sink-failing:sink=redis fires at down"]);
  expect(changes([redis], [redis])).toEqual([]);
  expect(changes([redis], [{ ...redis, episode: 3 }])).toHaveLength(1);
  expect(changes([redis], [{ ...redis, severity: "critical" }])).toEqual([
    "critical: sink-failing:sink=redis has escalated, it was warning",
  ]);
  expect(changes([redis], [{ ...redis, acknowledged }])).toEqual([
    "acknowledged by ann: sink-failing:sink=redis",
  ]);
  expect(changes([redis], [{ ...redis, state: "no_data" }])).toEqual(["resolved: sink-failing:sink=redis"]);
  expect(alertChanges(undefined, alertsAnswer(redis))).toEqual([]);
});
