import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeLatency, transitions } from "../../testing/transitions.ts";
import { alertLabels, fingerprint, type PostableAlert } from "./postable.ts";
import { Standing } from "./standing.ts";

const UNTIL = nodeLatency.atMs + 240_000;
const MINUTE = 60_000;
const shown = (alerts: readonly PostableAlert[]): unknown =>
  alerts.map(({ labels, startsAt, endsAt }) => [labels.severity, Date.parse(startsAt), Date.parse(endsAt)]);

test("an alert has the labels that Prometheus's users expect", () => {
  expect(alertLabels(nodeLatency, "critical", false)).toEqual({
    alertname: "node-latency",
    severity: "critical",
    source: "slipstream",
    service: "slipstream",
  });
  const labels = {
    service: "desk-1",
    pair: "SOL/USDC",
    severity: "x",
    "a.b": "1",
    a_b: "2",
    "1st": "3",
    "": "4",
  };
  expect(alertLabels({ ...nodeLatency, labels, desk: "arb" }, "warning", true)).toEqual({
    alertname: "node-latency",
    severity: "warning",
    source: "slipstream",
    service: "desk-1",
    desk: "arb",
    test: "true",
    pair: "SOL/USDC",
    exported_severity: "x",
    a_b: "1",
    a_b_: "2",
    _1st: "3",
    _: "4",
  });
});

test("names of labels are valid and none is lost, whatever a series has", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (labels) => {
      const all = alertLabels({ ...nodeLatency, labels }, "info", false);
      expect(Object.keys(all).filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))).toEqual([]);
      const own = 4 - Number(Object.hasOwn(labels, "service"));
      expect(Object.keys(all)).toHaveLength(Object.keys(labels).length + own);
    }),
  );
});

test("what fires is told until it resolves, and its end for 15 minutes more, with its beginning", () => {
  const standing = new Standing();
  const at = nodeLatency.firedMs;
  expect(shown(standing.ifFires(nodeLatency, UNTIL, UNTIL))).toEqual([["critical", at, UNTIL]]);
  expect(standing.isEmpty).toBe(true);
  standing.fires(nodeLatency, at);
  expect(shown(standing.all(at, UNTIL))).toEqual([["critical", at, UNTIL]]);
  const end = { ...nodeLatency, kind: "resolved", atMs: at + MINUTE } as const;
  const resolved = [["critical", at, at + MINUTE]];
  expect(shown(standing.resolves(end, at + MINUTE))).toEqual(resolved);
  expect(shown(standing.all(at + 16 * MINUTE, UNTIL))).toEqual(resolved);
  expect(shown(standing.all(at + 17 * MINUTE, UNTIL))).toEqual([]);
  expect(standing.isEmpty).toBe(true);
});

test("an alert that fires again is not resolved by what is told of its former end", () => {
  const standing = new Standing();
  const at = nodeLatency.firedMs;
  standing.fires(nodeLatency, at);
  standing.resolves({ ...nodeLatency, kind: "resolved", atMs: at + MINUTE }, at + MINUTE);
  const again = { ...nodeLatency, episode: 2, firedMs: at + 2 * MINUTE };
  standing.fires(again, again.firedMs);
  expect(shown(standing.all(again.firedMs, UNTIL))).toEqual([["critical", again.firedMs, UNTIL]]);
});

test("one that escalates ends with its former severity, which Alertmanager takes for another alert", () => {
  const standing = new Standing();
  const at = nodeLatency.firedMs;
  const warning = { ...nodeLatency, severity: "warning" } as const;
  const critical = { ...nodeLatency, kind: "escalated", atMs: at + MINUTE } as const;
  standing.fires(warning, at);
  const both = [
    ["warning", at, at + MINUTE],
    ["critical", at, UNTIL],
  ];
  expect(shown(standing.ifFires(critical, UNTIL, UNTIL))).toEqual(both);
  standing.fires(critical, at + MINUTE);
  expect(shown(standing.all(at, UNTIL))).toEqual(both.toReversed());
  const resolved = { ...critical, kind: "resolved", atMs: at + 2 * MINUTE } as const;
  expect(shown(standing.resolves(resolved, resolved.atMs))).toEqual([["critical", at, at + 2 * MINUTE]]);
});

test("one whose times are ahead of this machine's clock, which was set back, ends by that clock", () => {
  const standing = new Standing();
  const nowMs = nodeLatency.firedMs - 60 * MINUTE;
  const untilMs = nowMs + 4 * MINUTE;
  expect(shown(standing.ifFires(nodeLatency, nowMs, untilMs))).toEqual([["critical", untilMs, untilMs]]);
  standing.fires(nodeLatency, nowMs);
  const resolved = { ...nodeLatency, kind: "resolved", atMs: nodeLatency.firedMs + MINUTE } as const;
  expect(shown(standing.resolves(resolved, nowMs + MINUTE))).toEqual([
    ["critical", nowMs + MINUTE, nowMs + MINUTE],
  ]);
});

test("no alert ends before it begins, and none fires and ends at once, whatever comes", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(transitions, fc.nat({ max: 1e9 })), { maxLength: 4 }), (all) => {
      const standing = new Standing();
      const now = nodeLatency.atMs;
      for (const [transition, later] of all) {
        // An alert's identity is its labels.
        const labels = { id: transition.alert };
        const moved = { ...transition, labels, atMs: now - later, firedMs: now - 2 * later };
        if (moved.kind === "resolved") standing.resolves(moved, now);
        else standing.fires(moved, now);
      }
      const told = standing.all(now, UNTIL);
      expect(told.filter(({ startsAt, endsAt }) => endsAt < startsAt)).toEqual([]);
      expect(new Set(told.map(fingerprint)).size).toBe(told.length);
    }),
  );
});
