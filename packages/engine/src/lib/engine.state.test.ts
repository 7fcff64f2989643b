import { isDeepStrictEqual } from "node:util";
import { deserialize, serialize } from "node:v8";
import { semconv, tradeLabels } from "@slipstream/conventions";
import { run, stateOf } from "@slipstream/testing/engine/run";
import { child, START_MS, span, traces, trade } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "./engine.ts";
import type { EngineRecord, Publication, StatisticValue } from "./model.ts";
import { completeOptions, type EngineOptions } from "./options.ts";
import type { SavedPart } from "./parts/part.ts";
import type { SeenKeys } from "./seen-keys.ts";
import type { EngineState } from "./state.ts";
import { delivered, type Sent, traffic, trafficOnChain } from "./testing/traffic.ts";

// Small, so that everything overflows.
const options = {
  capitalUsd: 10_000,
  maxOperations: 2,
  maxServices: 2,
  dedupeSpans: 20,
  amendmentSeconds: 60,
  rpcHosts: ["node.example"],
};

const otherOptions = fc.record({
  rateWindowSeconds: fc.constantFrom(30, 60, 120),
  percentileWindowSeconds: fc.constantFrom(60, 300),
  allowedLatenessMs: fc.constantFrom(0, 2_000, 10_000),
  amendmentSeconds: fc.constantFrom(0, 60, 300),
  slippageToleranceBps: fc.constantFrom(10, 50),
  nodeMethods: fc.constantFrom({}, { exclude: ["getProgramAccounts"] }),
  maxOperations: fc.nat(4),
  maxServices: fc.nat(4),
  dedupeSpans: fc.integer({ min: 1, max: 60 }),
});

/** A stock call within a span that never comes, so that it waits for it. */
const waitingCall = fc
  .record({
    timeMs: fc.integer({ min: START_MS, max: START_MS + 400_000 }),
    delayMs: fc.oneof(fc.nat(1_000), fc.nat(120_000)),
    method: fc.constantFrom("getSlot", "getProgramAccounts"),
    statusCode: fc.constantFrom(0, 2),
    within: fc.constantFrom(span("GET /", START_MS), span("job", START_MS)),
  })
  .map(({ timeMs, delayMs, method, statusCode, within }): Sent => {
    const attributes = { [semconv.rpcSystem]: "jsonrpc", [semconv.rpcMethod]: method };
    const call = child(within, method, timeMs, { kind: 3, attributes, statusCode });
    return { timeMs, receivedMs: timeMs + delayMs, spans: [call], points: [] };
  });

const items = fc
  .tuple(
    trafficOnChain({ seconds: 400, delayMs: 120_000, items: 80 }),
    fc.array(waitingCall, { maxLength: 20 }),
  )
  .map((both) => both.flat());

// Finding the smallest record that fails may take minutes.
const limits = { interruptAfterTimeLimit: 20_000 };

/** Records in order, repeats and changes of options among them. */
const records: fc.Arbitrary<readonly EngineRecord[]> = fc
  .record({
    items,
    repeats: fc.array(fc.record({ which: fc.nat(), after: fc.nat({ max: 40 }) }), { maxLength: 30 }),
    changes: fc.array(fc.record({ after: fc.nat(), options: otherOptions }), { maxLength: 3 }),
  })
  .map(({ items, repeats, changes }) => {
    const all = delivered(items);
    for (const { which, after } of repeats) {
      const at = which % all.length;
      const place = Math.min(all.length, at + 1 + after);
      const repeated = all[at] as EngineRecord;
      all.splice(place, 0, { ...repeated, receivedMs: all[place - 1]?.receivedMs ?? repeated.receivedMs });
    }
    for (const change of changes) {
      const place = change.after % all.length;
      const { receivedMs } = all[place] as EngineRecord;
      const batch = { kind: "options", options: completeOptions({ ...options, ...change.options }) } as const;
      all.splice(place, 0, { receivedMs, batch });
    }
    return all;
  });

/** An engine that is saved and taken up anew at times, and what a disk would hold of it. */
class Restarted {
  engine: Engine = new Engine(options, { trackSeen: true, history: true });
  readonly seen: SeenKeys[] = [];

  /** Only the keys of this state's generations count, so a disk may hold too many of them, and some twice. */
  restart(copy: <T>(value: T) => T): void {
    const state = copy(this.engine.save());
    this.seen.push(...copy(this.engine.takeSeen()));
    this.engine = Engine.restore(state, copy(this.seen), { trackSeen: true, history: true });
  }
}

const byClone = <T>(value: T): T => structuredClone(value);
const bySerializer = <T>(value: T): T => deserialize(serialize(value)) as T;

describe("an engine that is restored", () => {
  it("goes on as if nothing had happened, wherever and however often it is cut", () => {
    fc.assert(
      fc.property(records, fc.infiniteStream(fc.nat({ max: 40 })), (log, cuts) => {
        const whole = new Engine(options, { history: true });
        const cut = new Restarted();
        for (const record of log) {
          expect(cut.engine.apply(record)).toEqual(whole.apply(record));
          const now = cuts.next().value;
          if (now > 1) continue;
          cut.restart(now === 0 ? byClone : bySerializer);
          expect(stateOf(cut.engine)).toBe(stateOf(whole));
        }
        expect(stateOf(cut.engine)).toBe(stateOf(whole));
        expect(cut.engine.options).toEqual(whole.options);
      }),
      { numRuns: 20, ...limits },
    );
  });

  it("is saved alike by one that went on and by one that was restored", () => {
    fc.assert(
      fc.property(records, fc.nat(), (log, at) => {
        const whole = new Engine(options);
        const cut = new Restarted();
        for (const [i, record] of log.entries()) {
          if (i === at % log.length) cut.restart(byClone);
          whole.apply(record);
          cut.engine.apply(record);
        }
        expect(isDeepStrictEqual(cut.engine.save(), whole.save())).toBe(true);
      }),
      { numRuns: 50, ...limits },
    );
  });
});

describe("save", () => {
  it("changes nothing that can be read, now or later", () => {
    fc.assert(
      fc.property(records, (log) => {
        const plain = new Engine(options);
        const saved = new Engine(options, { trackSeen: true });
        for (const record of log) {
          expect(saved.apply(record)).toEqual(plain.apply(record));
          saved.save();
          saved.takeSeen();
        }
        expect(stateOf(saved)).toBe(stateOf(plain));
      }),
      { numRuns: 20, ...limits },
    );
  });

  it("gives what does not change any more", () => {
    fc.assert(
      fc.property(records, fc.nat(), (log, at) => {
        const engine = new Engine(options);
        for (const record of log.slice(0, at % log.length)) engine.apply(record);
        const state = engine.save();
        const copy = structuredClone(state);
        for (const record of log.slice(at % log.length)) engine.apply(record);
        engine.save();
        expect(isDeepStrictEqual(state, copy)).toBe(true);
      }),
      { numRuns: 50, ...limits },
    );
  });
});

describe("a record of options", () => {
  const withOptions = (from: Partial<EngineOptions>): EngineRecord => ({
    receivedMs: START_MS,
    batch: { kind: "options", options: completeOptions(from) },
  });

  it("that changes nothing does nothing", () => {
    fc.assert(
      fc.property(traffic({ seconds: 120, delayMs: 20_000 }), fc.nat(), (items, at) => {
        const log = delivered(items);
        const place = at % log.length;
        const same = { ...withOptions(options), receivedMs: log[place]?.receivedMs ?? START_MS };
        const with_ = run([...log.slice(0, place), same, ...log.slice(place)], options);
        const without = run(log, options);
        expect(with_.publications).toEqual(without.publications);
        expect(stateOf(with_.engine)).toBe(stateOf(without.engine));
      }),
      { numRuns: 50, ...limits },
    );
  });

  it("in front of everything is as good as options from the start", () => {
    fc.assert(
      fc.property(traffic({ seconds: 200, delayMs: 60_000 }), otherOptions, (items, chosen) => {
        const log = delivered(items);
        const changed = run([withOptions(chosen), ...log]);
        const made = run(log, chosen);
        expect(changed.publications).toEqual(made.publications);
        expect(stateOf(changed.engine)).toBe(stateOf(made.engine));
      }),
      { numRuns: 50, ...limits },
    );
  });

  it("leaves what was published before as it was", () => {
    fc.assert(
      fc.property(traffic({ seconds: 200, delayMs: 60_000 }), fc.nat(), otherOptions, (items, at, chosen) => {
        const log = delivered(items);
        const place = at % log.length;
        const before = run(log.slice(0, place), options);
        const throughMs = before.publications.reduce((last, { timeMs }) => Math.max(last, timeMs), 0);
        const change = { ...withOptions(chosen), receivedMs: log[place]?.receivedMs ?? START_MS };
        before.engine.apply(change);
        const after: Publication[] = log
          .slice(place)
          .flatMap((record) => before.engine.apply(record).publications);
        expect(after.filter(({ timeMs }) => timeMs <= throughMs)).toEqual([]);
      }),
      { numRuns: 50, ...limits },
    );
  });
});

describe("a state whose parts", () => {
  const trades = traces([trade(START_MS), trade(START_MS + 1_000)]);
  const later = traces([trade(START_MS + 5_000)]);

  function saved(): { state: EngineState; seen: readonly SeenKeys[] } {
    const engine = new Engine(options, { trackSeen: true });
    engine.apply(trades);
    return { state: engine.save(), seen: engine.takeSeen() };
  }

  function with_(state: EngineState, name: string, part: SavedPart | undefined): EngineState {
    const { [name]: _, ...rest } = state.parts;
    return { parts: part === undefined ? rest : { ...rest, [name]: part } };
  }

  const names = Object.keys(saved().state.parts);
  const statisticNames = names.filter((name) => name.startsWith("statistics."));

  it("are all there is restored whole", () => {
    const { state, seen } = saved();
    expect([...Engine.restore(state, seen).lost]).toEqual([]);
  });

  it("are of another version, missing or damaged begins those with nothing, and no others", () => {
    const { state, seen } = saved();
    expect(statisticNames.length).toBeGreaterThan(15);
    for (const name of names) {
      const part = state.parts[name] as SavedPart;
      for (const wrong of [
        undefined,
        { ...part, version: 99 },
        { ...part, data: Symbol.iterator as never },
      ]) {
        const engine = Engine.restore(with_(state, name, wrong), seen);
        const byLabel = tradeLabels.map((label) => `statistics.mev_by_${label}`);
        const ofVerdicts = ["statistics.mev", "statistics.mev_unknown", ...byLabel, "alert_statistics"];
        const others: Readonly<Record<string, readonly string[]>> = {
          verdicts: ofVerdicts,
          alerts: ["alert_evaluation"],
        };
        const needed = [name, ...(others[name] ?? [])];
        expect([...engine.lost.keys()]).toEqual(needed);
        engine.apply(later);
        const whole = Engine.restore(state, seen);
        whole.apply(later);
        for (const other of names.filter(
          (other) => !needed.includes(other) && statisticNames.includes(other),
        ))
          expect(engine.save().parts[other]?.since).toEqual(whole.save().parts[other]?.since);
      }
    }
  });

  it("are missing says since when it counts, also after the next restart", () => {
    const before = new Engine(options, { trackSeen: true });
    before.apply(trades);
    before.apply(later);
    const seen = before.takeSeen();
    const state = with_(before.save(), "statistics.trades", undefined);
    const engine = Engine.restore(state, seen, { trackSeen: true });
    engine.apply(traces([trade(START_MS + 60_000)]));
    const totals = (of: Engine) => {
      const { trades, total_pnl_usd } = of.current().statistics as Record<
        string,
        { series?: StatisticValue[] }
      >;
      return [trades?.series?.[0], total_pnl_usd];
    };
    const since = new Date(START_MS + 5_000).toISOString();
    const began = new Date(START_MS + 1_000).toISOString();
    expect(totals(engine)).toMatchObject([{ value: 1, since }, { since: began }]);
    const again = Engine.restore(engine.save(), [...seen, ...engine.takeSeen()]);
    expect(totals(again)).toEqual(totals(engine));
  });

  it("lack the keys of spans seen forgets the spans, and nothing else", () => {
    const { state } = saved();
    const engine = Engine.restore(state, []);
    expect([...engine.lost.keys()]).toEqual(["seen"]);
    engine.apply(trades);
    expect(engine.current().services.desk).toMatchObject({ received: 4, duplicate: 0 });
  });

  it("do not say since when they count has that from the caller, exactly or not", () => {
    const { state, seen } = saved();
    const silent = {
      parts: Object.fromEntries(
        Object.entries(state.parts).map(([name, { version, data }]) => [name, { version, data }]),
      ),
    };
    const sinceOf = (exact: boolean) => {
      const { trades } = Engine.restore(silent, seen, {}, { ms: START_MS - 1, exact }).current().statistics;
      return trades !== undefined && "series" in trades ? trades.series[0] : undefined;
    };
    const time = new Date(START_MS - 1).toISOString();
    expect(sinceOf(true)).toMatchObject({ value: 2, since: time });
    expect(sinceOf(false)).toMatchObject({
      value: 2,
      since: null,
      reason: `counts since ${time} or earlier; the exact time was not recorded`,
    });
  });

  it("have counted nothing count since the first record, as in a replay", () => {
    const set = { kind: "options", options: completeOptions(options) } as const;
    const log: readonly EngineRecord[] = [{ receivedMs: START_MS - 5_000, batch: set }, trades];
    const replayed = new Engine();
    for (const record of log) replayed.apply(record);
    const before = new Engine(options, { trackSeen: true });
    before.apply(log[0] as EngineRecord);
    const began = { ms: START_MS - 5_000, exact: true };
    const restored = Engine.restore(bySerializer(before.save()), before.takeSeen(), {}, began);
    restored.apply(trades);
    expect(restored.current()).toEqual(replayed.current());
    expect(restored.current().statistics.trades).toMatchObject({
      series: [{ since: new Date(trades.receivedMs).toISOString() }, {}],
    });
  });

  it("are no parts at all is refused", () => {
    for (const wrong of [undefined, null, 7, "state", {}, { parts: null }, { parts: { trades: {} } }]) {
      expect(() => Engine.restore(wrong as never, [])).toThrow(
        expect.objectContaining({ code: "state_corrupt" }),
      );
    }
  });

  it("hold anything of another kind never throws, and names the part", () => {
    const { state, seen } = saved();
    const paths = Object.entries(state.parts).flatMap(([name, { data }]) =>
      typeof data === "object" && data !== null ? pathsOf(data).map((path) => [name, ...path]) : [],
    );
    expect(paths.length).toBeGreaterThan(100);
    for (const [name = "", ...path] of paths) {
      for (const wrong of [undefined, Symbol.iterator, [null]]) {
        const broken = structuredClone(state);
        let at = broken.parts[name]?.data as Record<string, unknown>;
        for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
        const last = path.at(-1) as string;
        if (wrong === undefined && at[last] === undefined) continue;
        at[last] = wrong;
        const { lost } = Engine.restore(broken, seen);
        expect([name, ...path, lost.has(name)]).toEqual([name, ...path, true]);
      }
    }
  });
});

/** A statistic is new: it is told of the verdicts that stand, so that what it takes back it has counted. */
it("a statistic of verdicts that begins later never counts below nothing", () => {
  fc.assert(
    fc.property(trafficOnChain({ seconds: 300, delayMs: 60_000, items: 60 }), fc.nat(), (items, at) => {
      const log = delivered(items);
      const place = at % log.length;
      const engine = new Engine(options, { trackSeen: true });
      for (const record of log.slice(0, place)) engine.apply(record);
      const { "statistics.mev": _, ...parts } = engine.save().parts;
      const restored = Engine.restore({ parts }, engine.takeSeen());
      for (const record of log.slice(place)) restored.apply(record);
      const { mev_trades: trades } = restored.current().statistics;
      const counts = trades !== undefined && "series" in trades ? trades.series : [];
      expect(counts.every(({ value }) => Number(value) >= 0)).toBe(true);
    }),
    { numRuns: 50, ...limits },
  );
});

/** Ways to everything in an object that has a name. */
function pathsOf(value: object): string[][] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const deeper =
      typeof inner === "object" && inner !== null && !ArrayBuffer.isView(inner) ? pathsOf(inner) : [];
    return [[name], ...deeper.map((path) => [name, ...path])];
  });
}
