import { type Rule, shippedRules, type Transition } from "@slipstream/alerts";
import { metrics, point, resource, START_MS, tick, traces, trade } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine.ts";
import type { EngineRecord } from "../model.ts";

const S = 1_000;
const at = START_MS + 1_000 * S;

const rulesOn = (ids: readonly string[]): Rule[] => shippedRules().filter(({ id }) => ids.includes(id));

/** What an aggregator sends that ticks each second while records come. */
function sentOf(records: readonly EngineRecord[], untilMs: number, ids: readonly string[]): Transition[] {
  const engine = new Engine();
  const sent: Transition[] = [];
  const apply = (record: EngineRecord): void => {
    sent.push(...engine.apply(record).alerts.filter(({ muted }) => muted === undefined));
  };
  apply({ receivedMs: at - S, batch: { kind: "rules", rules: rulesOn(ids) } });
  const waiting = [...records];
  for (let nowMs = at; nowMs <= untilMs; nowMs += S) {
    while (waiting[0] !== undefined && waiting[0].receivedMs <= nowMs) apply(waiting.shift() as EngineRecord);
    apply(tick(nowMs));
  }
  return sent;
}

const kinds = (sent: readonly Transition[]): string[] => sent.map(({ rule, kind }) => `${rule} ${kind}`);

describe.each([0, 45, 120, 600])("a service whose clock is %i s behind", (behind) => {
  const everyMinute = (count: number): EngineRecord[] =>
    Array.from({ length: count }, (_, i) =>
      metrics([point("circuitBreakerState", 1, at + (60 * i - behind) * S)], at + 60 * i * S),
    );
  const spans = (count: number, stepSeconds: number): EngineRecord[] =>
    Array.from({ length: count }, (_, i) =>
      traces([trade(at + (stepSeconds * i - behind) * S)], at + stepSeconds * i * S),
    );

  it("is not called silent while it sends metrics each minute and no spans, and is once it stops", () => {
    const records = everyMinute(10);
    expect(kinds(sentOf(records, at + 590 * S, ["service-silent"]))).toEqual([]);
    expect(kinds(sentOf(records, at + 740 * S, ["service-silent"]))).toEqual(["service-silent firing"]);
  });

  it.each([1, 5, 30])(
    "is not called silent while it sends spans every %i s, and is once it stops",
    (step) => {
      const records = spans(12, step);
      const last = at + 11 * step * S;
      expect(kinds(sentOf(records, last + 170 * S, ["service-silent"]))).toEqual([]);
      expect(kinds(sentOf(records, last + 200 * S, ["service-silent"]))).toEqual(["service-silent firing"]);
    },
  );

  // A gauge holds for a minute, so one that looks older is not known before the clock is.
  const within = behind < 60 ? 60 : 360;

  it(`is told of, if it sends only metrics, within ${within} s of what it reports`, () => {
    const [firing] = sentOf(everyMinute(8), at + 450 * S, ["circuit-breaker-open"]);
    expect(firing).toMatchObject({ rule: "circuit-breaker-open", kind: "firing" });
    expect((firing?.atMs ?? 0) - at).toBeLessThanOrEqual(within * S);
  });
});

it("what nobody can read says at least that its service lives, and holds back no alert of the aggregator's", () => {
  const unknown: EngineRecord[] = Array.from({ length: 6 }, (_, i) => ({
    receivedMs: at + 60 * i * S,
    batch: { kind: "metrics", points: [], resources: [resource("stock")], refusals: [] },
  }));
  const down = Array.from({ length: 8 }, (_, i): EngineRecord => {
    const sinks = [{ name: "redis", up: false, lagSeconds: 5 }];
    const rest = { blocksReadable: null, log: null, disk: null, benchmarks: null };
    return { receivedMs: at + (100 + 15 * i) * S, batch: { kind: "self", sinks, ...rest } };
  });
  const records = [...unknown, ...down].sort((a, b) => a.receivedMs - b.receivedMs);
  expect(kinds(sentOf(records, at + 200 * S, ["sink-failing", "service-silent"]))).toEqual([
    "sink-failing firing",
  ]);
});
