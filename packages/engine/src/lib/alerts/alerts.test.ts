import { parseCondition, type Rule, shippedRules, type Transition } from "@slipstream/alerts";
import { attribute } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { chain, FIRST_SLOT, sandwich, slotOf } from "@slipstream/testing/engine/chain";
import { resource, rpc, START_MS, span, tick, traces, trade } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Desks } from "../desks/desks.ts";
import { Engine } from "../engine.ts";
import { recordOf } from "../history/rows.ts";
import type { EngineBatch, EngineRecord, SelfBatch } from "../model.ts";
import type { EngineConfig } from "../options.ts";
import { delivered, trafficOnChain } from "../testing/traffic.ts";

const S = 1_000;
const at = START_MS + 1_000 * S;

function shipped(id: string, over: Partial<Rule> = {}): Rule {
  const found = shippedRules({ mevBudgetUsdPerHour: 100 }).find((rule) => rule.id === id);
  if (found === undefined) throw new Error(`there is no rule ${id}`);
  return { ...found, ...over };
}

/** A rule that fires, and resolves, at once. */
function when(condition: string, over: Partial<Rule> = {}): Rule {
  const parsed = parseCondition(condition);
  if (!("condition" in parsed)) throw new Error(JSON.stringify(parsed));
  const times = {
    forSeconds: 0,
    clearForSeconds: 0,
    clearThreshold: null,
    minSamples: 0,
    suppressSeconds: 0,
  };
  const texts = { impact: null, action: null, recommendation: null, detail: null, mutes: [] };
  const message = "It is {value} (threshold: {threshold})";
  const more = { id: "test", when: parsed.condition, title: "Test", message, ...times, ...texts, ...over };
  return shipped("node-latency-critical", more);
}

const rules = (...list: Rule[]): EngineRecord => {
  return { receivedMs: at - S, batch: { kind: "rules", rules: list } };
};
const failed = (endMs: number, rest: Partial<Span> = {}): Span =>
  trade(endMs, { [attribute.tradeStatus]: "failed", [attribute.tradePair]: "BONK/SOL" }, rest);
const many = (count: number, make: (i: number) => Span): Span[] =>
  Array.from({ length: count }, (_, i) => make(i));

function engineWith(list: readonly Rule[], options: EngineConfig = {}): Engine {
  const engine = new Engine(options, { history: true });
  engine.apply(rules(...list));
  return engine;
}

function apply(engine: Pick<Engine, "apply">, ...records: EngineRecord[]): Transition[] {
  return records.flatMap((record) => engine.apply(record).alerts);
}

const told = (transitions: readonly Transition[]) => transitions.map(({ key, kind }) => [key, kind]);
const plain = ({ text: { title, lines } }: Transition): string[] => [
  title,
  ...lines.map(({ label, text }) => (label === null ? text : `${label}: ${text}`)),
];

describe("a rule on a statistic", () => {
  it("fires with the record that makes its condition true, in the words of the contract, and resolves", () => {
    const engine = engineWith([shipped("node-latency-critical", { clearForSeconds: 0 })]);
    const inTrade = { trace0: 1, trace1: 2, trace2: 3, trace3: 4 };
    const step = span("solana.sign", at, inTrade);
    const slow = many(120, () => rpc(at, "getSlot", { durationSeconds: 0.245, ...inTrade }));
    const effects = engine.apply(traces([step, ...slow]));
    expect(told(effects.alerts)).toEqual([["node-latency-critical/1/1", "firing"]]);
    const [firing] = effects.alerts as [Transition];
    expect(plain(firing)).toEqual([
      "High Node Latency Detected",
      "Solana node P99 latency is 245ms (threshold: 200ms)",
      "Impact: Circuit breaker may activate",
      "Action: Check node health or switch to backup",
    ]);
    expect(firing.text.evidence).toContainEqual({
      label: "Trace",
      text: expect.stringMatching(/^[0-9a-f]{32} \(245ms\)$/),
    });
    const [row] = effects.rows.filter(({ table }) => table === "alerts").map(recordOf);
    expect(row).toMatchObject({ alert: "node-latency-critical", transition: "firing", value: firing.value });
    const state = () =>
      engine.collect().find(({ definition }) => definition.name === "slipstream_alert_state");
    expect(state()).toMatchObject({ samples: [{ labels: { severity: "critical" }, value: 1 }] });

    const fast = many(200, () => rpc(at + 400 * S, "getSlot"));
    const [resolved] = apply(engine, traces(fast)) as [Transition];
    expect(resolved).toMatchObject({ kind: "resolved", key: "node-latency-critical/1/2" });
    expect(plain(resolved)).toEqual([
      "High Node Latency Detected",
      "Now: 10ms (threshold: 200ms)",
      "Lasted: 6 min 40 s",
      "Worst: 245ms",
    ]);
    expect(state()).toMatchObject({ samples: [{ value: 0 }] });
  });

  it("says which pairs are worst, of how many trades, and which failed last", () => {
    const engine = engineWith([shipped("trade-failure-rate-critical")]);
    const good = many(30, () => trade(at, { [attribute.tradePair]: "SOL/USDC" }));
    const [firing] = apply(engine, traces([...many(10, () => failed(at)), ...good])) as [Transition];
    expect(firing.text.evidence).toEqual([
      {
        label: "Samples",
        text: expect.stringMatching(/^40 in 60 s; 95 % interval: 1\d\.\d% to 4\d\.?\d*%$/),
      },
      { label: "Worst pairs (succeeded)", text: "BONK/SOL 0% of 10, SOL/USDC 100% of 30" },
      { label: "Last failed trade", text: expect.stringMatching(/^unknown, trace [0-9a-f]{32}$/) },
    ]);
  });

  const own = (name: string, slot = FIRST_SLOT) =>
    trade(at, {
      [attribute.tradeId]: name,
      [attribute.solanaSignature]: name,
      [attribute.solanaSlot]: slot,
    });
  /** The slots around a sandwich of a trade. */
  const attackOn = (name: string, slot = FIRST_SLOT) => {
    const swaps = sandwich(slot, { sol: 10n ** 12n, token: 10n ** 15n }, name, "another wallet");
    return [-1, 0, 1].map((off) => slotOf(slot + off, off === 0 ? swaps : []));
  };

  it("names no trade that is in no window, however late it ended", () => {
    const later = (one: Span) => {
      const attributes = { ...one.attributes, [attribute.tradeSource]: "block" };
      return { ...one, endMs: at + 86_400 * S, attributes };
    };
    const engine = engineWith([when("failure_rate > 0 %")]);
    const failures = [failed(at, { trace0: 7 }), later(failed(at, { trace0: 8 }))];
    const [firing] = apply(engine, traces(failures, at));
    expect(firing?.text.evidence.at(-1)?.text).toMatch(/^unknown, trace 00000007/);

    const mev = engineWith([when("mev_detection_rate > 0 %")]);
    const next = FIRST_SLOT + 100;
    const slots = [...attackOn("own"), ...attackOn("other", next)];
    const trades = traces([own("own"), later(own("other", next))], at);
    const [impacted] = apply(mev, trades, chain(at + S, { slots, finalized: FIRST_SLOT - 10 }));
    expect(impacted?.text.evidence.at(-1)?.text).toMatch(/signature own$/);
  });

  it("names the last impacted trade, unless its verdict was taken back", () => {
    const slots = attackOn("own");
    const attacked = [traces([own("own")]), chain(at + S, { slots, finalized: FIRST_SLOT - 10 })];
    const labels = (transitions: readonly Transition[]) =>
      transitions.flatMap(({ kind, text }) => [kind, ...text.evidence.map(({ label }) => label)]);
    const high = engineWith([when("mev_detection_rate > 50 %")]);
    expect(labels(apply(high, ...attacked))).toEqual(["firing", "Last impacted trade"]);

    const low = engineWith([when("mev_detection_rate < 50 %")]);
    expect(apply(low, ...attacked)).toEqual([]);
    // The front was the desk's own.
    expect(labels(apply(low, traces([own("own-front")], at + 2 * S), tick(at + 3 * S)))).toEqual([
      "firing",
      "Samples",
    ]);
  });

  it("reads only the series that it chooses", () => {
    const engine = engineWith([
      when('success_rate_by_pair{pair=~"BONK/.*"} < 50 %', { id: "bonk" }),
      when('success_rate_by_pair{pair="SOL/USDC"} < 50 %', { id: "sol" }),
      when("success_rate_by_pair < 50 %", { id: "all" }),
    ]);
    const good = many(3, () => trade(at, { [attribute.tradePair]: "SOL/USDC" }));
    expect(told(apply(engine, traces([failed(at), ...good])))).toEqual([
      ["bonk:pair=BONK/SOL/1/1", "firing"],
      ["all:pair=BONK/SOL/1/1", "firing"],
    ]);
  });

  it("may have a window of its own, which takes up what is known, goes on over a restart, and ends with the rule", () => {
    const engine = new Engine({}, { history: true });
    engine.apply(traces([failed(at - 100 * S), ...many(9, () => trade(at))]));
    // Of the last minute none failed.
    engine.apply(
      rules(when("failure_rate[5m] > 5 %", { id: "five" }), when("failure_rate > 5 %", { id: "one" })),
    );
    const restored = Engine.restore(structuredClone(engine.save()), [], { history: true });
    for (const each of [engine, restored]) {
      const transitions = apply(each, traces([trade(at + 250 * S)]), tick(at + 400 * S));
      expect(told(transitions).filter(([key]) => key?.startsWith("one"))).toEqual([]);
      expect(each.save().parts.alert_statistics?.data).toHaveLength(1);
    }
    const [firing] = engine.alerts.view().filter(({ state }) => state === "firing");
    expect(firing ?? null).toBeNull();
    engine.apply({ receivedMs: at + 401 * S, batch: { kind: "rules", rules: [] } });
    expect(engine.save().parts.alert_statistics?.data).toHaveLength(0);
  });

  it("that nothing can be read for has no data, and says why", () => {
    const windows = many(17, () => failed(at)).map((_, i) =>
      when(`failure_rate[${i + 1}m] > 5 %`, { id: `w-${i}` }),
    );
    const engine = engineWith(windows);
    apply(engine, traces([failed(at)]), tick(at + S));
    const [last] = engine.alerts.view().filter(({ rule }) => rule === "w-16");
    expect(last).toMatchObject({ state: "no_data", reason: "rules give statistics more than 16 windows" });
  });
});

describe("rules are evaluated", () => {
  it("at most every 250 ms of receipt; what came since waits, and is due then", () => {
    const engine = engineWith([
      when("trades_per_minute > 1000000"),
      when("failure_rate > 0 %", { id: "any" }),
    ]);
    expect(apply(engine, traces([trade(at)], at))).toEqual([]);
    expect(apply(engine, traces([failed(at)], at + 100))).toEqual([]);
    expect([engine.isAlertDue(at + 249), engine.isAlertDue(at + 250)]).toEqual([false, true]);
    expect(told(apply(engine, tick(at + 250)))).toEqual([["any/1/1", "firing"]]);
    expect(engine.isAlertDue(at + 900 * S)).toBe(false);
  });

  it("once for a record that comes in parts: nothing of it waits then", () => {
    const desks = new Desks();
    desks.apply(rules(when("failure_rate > 0 %")));
    const whole = traces([trade(at), failed(at)], at);
    const transitions = cutUp(whole, 1).flatMap((part) => apply(desks, part));
    expect(told(transitions)).toEqual([["test/1/1", "firing"]]);
    expect(desks.isAlertDue(at + 900)).toBe(false);
  });

  it("after a tick only if it comes long enough after the last time: it brings nothing but time", () => {
    const engine = engineWith([when("service_silent_seconds > 1 s")]);
    apply(engine, traces([trade(at)], at), tick(at + 700));
    expect(engine.isAlertDue(at + 1_600)).toBe(false);
    expect(told(apply(engine, tick(at + 1_700)))).toEqual([["test:service=desk/1/1", "firing"]]);
  });

  it("when time alone changes something", () => {
    const engine = engineWith([when("failure_rate > 0 %", { forSeconds: 3 })]);
    apply(engine, traces([failed(at)], at));
    expect([engine.isAlertDue(at + 2_999), engine.isAlertDue(at + 3_000)]).toEqual([false, true]);
    expect(told(apply(engine, tick(at + 3_000)))).toEqual([["test/1/1", "firing"]]);
  });

  it("never without rules", () => {
    const engine = new Engine();
    apply(engine, traces([failed(at)], at));
    expect(engine.isAlertDue(at + 3_600 * S)).toBe(false);
    expect(
      engine.collect().find(({ definition }) => definition.name === "slipstream_alert_state"),
    ).toMatchObject({
      samples: [],
    });
  });
});

test("/metrics has the severity of an alert that escalated, not that of its rule", () => {
  const escalation = { after: 3, severity: "critical", channels: [] } as const;
  const fails = when("failure_rate > 50 %", { severity: "warning", suppressSeconds: 1, escalation });
  const engine = engineWith([fails]);
  const family = () =>
    engine.collect().find(({ definition }) => definition.name === "slipstream_alert_state");
  expect(family()).toMatchObject({ samples: [{ labels: { severity: "warning" }, value: 0 }] });
  for (let i = 0; i < 20; i += 1) apply(engine, traces([failed(at + i * S)]));
  expect(family()).toMatchObject({ samples: [{ labels: { severity: "critical" }, value: 1 }] });
});

describe("a backlog", () => {
  const fails = when("failure_rate > 50 %");

  it("notifies of nothing that is over, and of what still holds at its end", () => {
    const engine = engineWith([fails]);
    const behindMs = 600 * S;
    const backlog = apply(
      engine,
      traces(
        many(20, () => failed(at)),
        at + behindMs,
      ),
      traces(
        many(60, () => trade(at + 100 * S)),
        at + behindMs + S,
      ),
      traces(
        many(200, () => failed(at + 300 * S)),
        at + behindMs + 2 * S,
      ),
    );
    expect(backlog.map(({ kind, muted }) => [kind, muted?.by])).toEqual([
      ["firing", "catching_up"],
      ["resolved", "unsent"],
      ["firing", "catching_up"],
    ]);
    const live = apply(
      engine,
      traces(
        many(10, () => failed(at + behindMs + 3 * S)),
        at + behindMs + 3 * S,
      ),
    );
    expect(live.map(({ kind, muted }) => [kind, muted?.by])).toEqual([
      ["firing", undefined],
      ["digest", undefined],
    ]);
    expect(plain(live[1] as Transition)[2]).toMatch(
      /^test: critical, 2025-01-01 00:16:40 UTC to 2025-01-01 00:18:20 UTC/,
    );
  });

  it("is none if nothing comes: what fires in a silence is told", () => {
    const engine = engineWith([shipped("service-silent")]);
    apply(engine, traces([trade(at)]));
    const silence = apply(engine, ...many(200, () => trade(at)).map((_, i) => tick(at + (i + 1) * S)));
    expect(silence.map(({ kind, muted, alert }) => [kind, muted, alert])).toEqual([
      ["firing", undefined, "service-silent:service=desk"],
    ]);
    expect(plain(silence[0] as Transition).slice(0, 2)).toEqual([
      "Service Gone Silent",
      "Nothing has come from desk for 3 min 1 s",
    ]);
  });
});

describe("commands", () => {
  const fails = when("failure_rate > 50 %");

  it("acknowledge and silence, and survive a restart", () => {
    const engine = engineWith([fails]);
    apply(engine, traces([failed(at)]));
    const command = (batch: EngineBatch, receivedMs: number) => apply(engine, { receivedMs, batch });
    const acknowledge = {
      command: "acknowledge",
      alert: "test",
      episode: 1,
      by: "ann",
      comment: "on it",
    } as const;
    const [acknowledged] = command({ kind: "alert", command: acknowledge }, at + S) as [Transition];
    expect(acknowledged).toMatchObject({
      kind: "acknowledged",
      acknowledgement: { by: "ann", comment: "on it" },
    });
    const silence = {
      command: "silence",
      id: "s1",
      matchers: [],
      untilMs: at + 60 * S,
      by: "ann",
      comment: "",
    } as const;
    command({ kind: "alert", command: silence }, at + 2 * S);
    const restored = Engine.restore(structuredClone(engine.save()), []);
    expect(restored.alerts.view()).toMatchObject([{ alert: "test", acknowledged: { by: "ann" } }]);
    expect(restored.alerts.silences()).toMatchObject([{ id: "s1" }]);
    expect(restored.alerts.rules).toEqual([fails]);
  });
});

it("what is sent at the end of a silence says so if there is no data any more", () => {
  const engine = engineWith([when("failure_rate > 50 %")]);
  const silence = { command: "silence", id: "s1", matchers: [], by: "ann", comment: "" } as const;
  apply(engine, traces([failed(at)]));
  apply(engine, {
    receivedMs: at + S,
    batch: { kind: "alert", command: { ...silence, untilMs: at + 300 * S } },
  });
  const sent = apply(engine, ...many(310, () => failed(at)).map((_, i) => tick(at + (i + 2) * S)));
  expect(sent.map((transition) => [transition.kind, plain(transition)])).toEqual([
    [
      "firing",
      expect.arrayContaining(["There is no data now: whether it still holds is not known"]) as string[],
    ],
  ]);
});

describe("what happens", () => {
  const DAY = 86_400 * S;

  it("a day is summed up once, at its hour, also after a restart", () => {
    const engine = engineWith([shipped("daily-summary")], { dailySummaryHour: 2 });
    const noon = START_MS + 12 * 3_600 * S;
    const good = trade(noon, {
      [attribute.tradePnlUsd]: 12.5,
      [attribute.solanaPriorityFeeLamports]: 5_000_000,
    });
    expect(apply(engine, traces([good, failed(noon), rpc(noon)]))).toEqual([]);
    const early = START_MS + DAY + 2 * 3_600 * S - 1;
    expect(apply(engine, traces([trade(early)]))).toEqual([]);
    const restored = Engine.restore(structuredClone(engine.save()), []);
    for (const each of [engine, restored]) {
      const transitions = apply(
        each,
        tick(early + 1_000),
        tick(early + 2_000),
        traces([trade(early + DAY / 2)]),
      );
      expect(transitions.map(({ kind, happening }) => [kind, happening])).toEqual([
        ["happened", "2025-01-01"],
      ]);
      const [{ text }] = transitions as [Transition];
      expect(text.title).toBe("Daily Performance Summary");
      expect(text.lines).toEqual([{ label: null, text: "Performance on 2025-01-01 (UTC)" }]);
      expect(text.evidence.map(({ label, text: of }) => `${label}: ${of}`)).toEqual([
        "Trades: 2, 50% succeeded",
        "Trade latency P99: 10ms (2 trades)",
        "Node latency P99: 10ms (1 call)",
        "Profit and loss: $12.50 (1 trade)",
        "Priority fees: 0.005 SOL (1 trade)",
      ]);
    }
  });

  it("benchmark results are told of once for each", () => {
    const engine = engineWith([shipped("benchmark-results")]);
    const report = (benchmarks: number | null, receivedMs: number): EngineRecord => {
      const batch: SelfBatch = {
        kind: "self",
        sinks: [],
        blocksReadable: null,
        log: null,
        disk: null,
        benchmarks,
      };
      return { receivedMs, batch };
    };
    const transitions = apply(
      engine,
      report(null, at),
      report(1, at + S),
      report(1, at + 2 * S),
      report(2, at + 3 * S),
    );
    expect(transitions.map(({ happening }) => happening)).toEqual(["1", "2"]);
  });
});

describe("several desks", () => {
  const options = { desks: { own: "alpha", most: 1, idleMs: 60 * S } };
  const fails = when("failure_rate > 50 %");
  const of = (desk: string) => ({ resource: { ...resource(), desk } });

  it("each has its alerts, with keys of their own", () => {
    const desks = new Desks(options, { history: true });
    apply(desks, rules(fails, when("sink_up == down", { id: "sinks" })));
    const transitions = apply(desks, traces([failed(at), failed(at, of("beta/1"))]));
    expect(transitions.map(({ key, desk }) => [key, desk])).toEqual(
      [
        ["beta%2F1:test/1/1", "beta/1"],
        ["test/1/1", undefined],
      ].reverse(),
    );
    expect(desks.engineOf("beta/1")?.alerts.rules.map(({ id }) => id)).toEqual(["test"]);
    const acknowledge = {
      command: "acknowledge",
      alert: "test",
      episode: 1,
      by: "ann",
      comment: "",
    } as const;
    const batch = { kind: "alert", command: acknowledge, desk: "beta/1" } as const;
    expect(told(apply(desks, { receivedMs: at + S, batch }))).toEqual([
      ["beta%2F1:test/1/2", "acknowledged"],
    ]);
  });

  it("a silence is for the desks that it chooses, also for one that comes later", () => {
    const silence = (desk: string) => {
      const matchers = [{ label: "desk", operator: "=", value: desk } as const];
      const command = {
        command: "silence",
        id: desk,
        matchers,
        untilMs: at + 60 * S,
        by: "",
        comment: "",
      } as const;
      return { receivedMs: at, batch: { kind: "alert", command } } as const;
    };
    const desks = new Desks(options);
    apply(desks, rules(fails), silence("beta"));
    const restored = Desks.restore(structuredClone(desks.save()), []);
    for (const each of [desks, restored]) {
      const transitions = apply(each, traces([failed(at), failed(at, of("beta"))]));
      expect(transitions.map(({ desk, muted }) => [desk, muted?.by])).toEqual([
        [undefined, undefined],
        ["beta", "silence"],
      ]);
    }
  });

  it("what fires of a desk that makes room for another resolves", () => {
    const desks = new Desks(options);
    apply(desks, rules(fails), traces([failed(at, of("beta"))]));
    const later = apply(desks, traces([failed(at + 90 * S, of("gamma"))]));
    expect(later.map(({ kind, desk }) => [kind, desk])).toEqual([
      ["resolved", "beta"],
      ["firing", "gamma"],
    ]);
  });
});

const all = [
  when("failure_rate > 20 %", { id: "failing", forSeconds: 2, clearForSeconds: 3, suppressSeconds: 20 }),
  when("failure_rate[30s] > 30 %", { id: "window" }),
  when("node_latency_p99 > 1 s", { id: "node" }),
  when("success_rate_by_pair < 60 %", { id: "pairs", suppressSeconds: 30 }),
  when("service_silent_seconds > 5 s", { id: "silent" }),
  when("mev_loss_usd[1m] > 1 usd", { id: "loss" }),
  when("mev_unknown_rate[3d] > 1 %", { id: "unknown" }),
  shipped("daily-summary"),
];

describe("the same log", () => {
  const traffic = trafficOnChain({ seconds: 120, delayMs: 20_000, items: 60 });
  const limits = { numRuns: 12, interruptAfterTimeLimit: 20_000 };

  function desksOf(records: readonly EngineRecord[], cut: (i: number) => boolean): Transition[] {
    let desks = new Desks({ desks: { own: "", most: 2 } });
    const transitions = [
      ...desks.apply({ receivedMs: START_MS, batch: { kind: "rules", rules: all } }).alerts,
    ];
    for (const [i, record] of records.entries()) {
      transitions.push(...desks.apply(record).alerts);
      if (cut(i)) desks = Desks.restore(structuredClone(desks.save()), desks.takeSeen());
    }
    return transitions;
  }

  const mixed = traffic.map((items) =>
    delivered(
      items.map((item, i) => {
        const desk = i % 4 === 0 ? "beta" : "";
        const move = <T extends { resource: object }>(one: T): T => ({
          ...one,
          resource: { ...one.resource, desk },
        });
        return { ...item, spans: item.spans.map(move), points: item.points.map(move) };
      }),
    ),
  );

  it("gives the same transitions wherever it is interrupted", () => {
    let count = 0;
    fc.assert(
      fc.property(mixed, fc.array(fc.nat(200), { maxLength: 6 }), (records, cuts) => {
        const whole = desksOf(records, () => false);
        count += whole.length;
        expect(desksOf(records, (i) => cuts.includes(i))).toEqual(whole);
        expect(new Set(whole.map(({ key }) => key)).size).toBe(whole.length);
      }),
      limits,
    );
    expect(count).toBeGreaterThan(30);
  });

  it("gives the same transitions however its records are cut into parts", () => {
    fc.assert(
      fc.property(mixed, fc.integer({ min: 1, max: 3 }), (records, size) => {
        const joined = inTwos(records);
        const whole = desksOf(joined, () => false);
        expect(
          desksOf(
            joined.flatMap((record) => cutUp(record, size)),
            () => false,
          ),
        ).toEqual(whole);
      }),
      limits,
    );
  });
});

/** Spans of two records as one. */
function inTwos(records: readonly EngineRecord[]): EngineRecord[] {
  const joined: EngineRecord[] = [];
  for (const record of records) {
    const last = joined.at(-1);
    if (last?.batch.kind === "traces" && record.batch.kind === "traces" && last.batch.spans.length < 4) {
      const spans = [...last.batch.spans, ...record.batch.spans];
      joined[joined.length - 1] = { receivedMs: record.receivedMs, batch: { ...record.batch, spans } };
    } else joined.push(record);
  }
  return joined;
}

function cutUp(record: EngineRecord, size: number): EngineRecord[] {
  const { batch, receivedMs } = record;
  if (batch.kind !== "traces" || batch.spans.length <= size) return [record];
  const parts: EngineRecord[] = [];
  for (let from = 0; from < batch.spans.length; from += size) {
    const spans = batch.spans.slice(from, from + size);
    const isLast = from + size >= batch.spans.length;
    parts.push({ receivedMs, batch: { ...batch, spans }, ...(isLast ? {} : { continues: true as const }) });
  }
  return parts;
}
