import { isDeepStrictEqual } from "node:util";
import { deserialize, serialize } from "node:v8";
import { attribute } from "@slipstream/conventions";
import type { MetricPoint, Resource, Span } from "@slipstream/otlp/decode";
import { stateOf } from "@slipstream/testing/engine/run";
import {
  metrics,
  point,
  resource,
  START_MS,
  span,
  tick,
  traces,
  trade,
} from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dedupe } from "../dedupe.ts";
import type { Effects } from "../effects.ts";
import { Engine } from "../engine.ts";
import { recordOf } from "../history/rows.ts";
import type { EngineRecord } from "../model.ts";
import { completeOptions, type EngineConfig } from "../options.ts";
import { decodeOptions, encodeOptions } from "../options-body.ts";
import type { SeenKeys } from "../seen-keys.ts";
import type { EngineState } from "../state.ts";
import { delivered, type Sent, trafficOnChain } from "../testing/traffic.ts";
import { Desks } from "./desks.ts";

const rules = { own: "alpha", most: 2 };
const duties = { history: true, trackSeen: true };

const of = (desk: string): Resource => ({ ...resource(), desk });
const tradesOf = (desk: string, count: number, atMs = START_MS): Span[] =>
  Array.from({ length: count }, () => trade(atMs, {}, { resource: of(desk) }));

function trades(engine: Engine | undefined): number | undefined {
  const family = engine?.collect().find(({ definition: { name } }) => name === "trades_total");
  if (family === undefined || !("samples" in family)) return undefined;
  return family.samples.reduce((sum, { value }) => sum + value, 0);
}

function inDesk(sent: Sent, desk: string): Sent {
  const move = <T extends Span | MetricPoint>(item: T): T => ({
    ...item,
    resource: { ...item.resource, desk },
  });
  return { ...sent, spans: sent.spans.map(move), points: sent.points.map(move) };
}

/** A record with the items of two that came at the same time. */
function together(a: EngineRecord, b: EngineRecord | undefined): EngineRecord {
  if (a.batch.kind !== "traces" || b?.batch.kind !== "traces") return a;
  const spans = [...a.batch.spans, ...b.batch.spans];
  return { receivedMs: Math.max(a.receivedMs, b.receivedMs), batch: { kind: "traces", spans, refusals: [] } };
}

const all = (effects: readonly Effects[]): string =>
  JSON.stringify(effects.map(({ publications, rows }) => [publications, rows]));

/** What came of records for a desk, as text. */
function told(effects: readonly Effects[], desk: string | undefined): string {
  return JSON.stringify(
    effects.flatMap(({ publications, rows }) => [
      ...publications.filter((one) => one.desk === desk).map(({ desk: _, ...rest }) => rest),
      ...rows
        .filter((row) => row.values.at(-1) === (desk ?? ""))
        .map(recordOf)
        .map(({ desk: _, ...rest }) => rest),
    ]),
  );
}

const limits = { interruptAfterTimeLimit: 20_000 };
const own = trafficOnChain({ seconds: 200, delayMs: 60_000, items: 40 });
const other = own.map((items) => items.map((item) => inDesk(item, "beta")));

describe("two desks", () => {
  it("come to what each alone comes to, however their spans are mixed", () => {
    fc.assert(
      fc.property(own, other, (first, second) => {
        const mixed = delivered([...first, ...second]);
        const only = (wanted: (desk: string) => boolean): EngineRecord[] =>
          mixed.filter(
            ({ batch }) =>
              (batch.kind !== "traces" && batch.kind !== "metrics") ||
              [...("spans" in batch ? batch.spans : batch.points)].some(({ resource: { desk } }) =>
                wanted(desk),
              ),
          );
        const desks = new Desks({ capitalUsd: 1_000, desks: rules }, duties);
        const alone = new Engine({ capitalUsd: 1_000, desks: rules }, duties);
        // A desk begins with its first item.
        const others = only((desk) => desk === "beta");
        const begins = others.findIndex(({ batch }) => batch.kind === "traces" || batch.kind === "metrics");
        const beside = { desk: "beta", seen: new Dedupe(1_000) };
        const beta = new Engine({ desks: rules }, { history: true, beside });
        const both = mixed.map((record) => desks.apply(record));
        const mine = only((desk) => desk === "").map((record) => alone.apply(record));
        const theirs = (begins < 0 ? [] : others.slice(begins)).map((record) => beta.apply(record));
        expect(stateOf(desks.own)).toBe(stateOf(alone));
        expect(told(both, undefined)).toBe(told(mine, undefined));
        expect(told(both, "beta")).toBe(told(theirs, "beta"));
        const found = desks.engineOf("beta");
        if (begins >= 0) expect(found && stateOf(found)).toBe(stateOf(beta));
      }),
      { numRuns: 12, ...limits },
    );
  });

  it("share records, and each gets its part", () => {
    const desks = new Desks({ desks: rules });
    const [first = tick(0), second] = [traces(tradesOf("", 2)), traces(tradesOf("beta", 3))];
    desks.apply(together(first, second));
    desks.apply(traces(tradesOf("alpha", 4)));
    expect([trades(desks.own), trades(desks.engineOf("alpha")), trades(desks.engineOf("beta"))]).toEqual([
      6, 6, 3,
    ]);
    expect(desks.others).toEqual(["beta"]);
    expect(desks.engineOf("gamma")).toBeUndefined();
  });

  it("may send spans of the same ids: each counts once in each", () => {
    const desks = new Desks({ desks: rules });
    const one = trade(START_MS);
    for (const desk of ["", "beta", "gamma", "beta", ""]) {
      desks.apply(traces([{ ...one, resource: of(desk) }]));
    }
    expect(["", "beta", "gamma"].map((desk) => trades(desks.engineOf(desk)))).toEqual([1, 1, 1]);
    expect(desks.engineOf("beta")?.current().services.desk).toMatchObject({ received: 1, duplicate: 1 });
  });

  it("keep gauges, refusals and the capital apart", () => {
    const desks = new Desks({ capitalUsd: 100, desks: rules });
    desks.apply(traces([...tradesOf("", 1), ...tradesOf("beta", 1)]));
    desks.apply(
      metrics([
        point("openPositions", 3, START_MS),
        point("openPositions", 5, START_MS, { resource: of("beta") }),
      ]),
    );
    const refusals = [{ resource: of("beta"), count: 7, reason: "no end" }];
    desks.apply({ receivedMs: START_MS, batch: { kind: "traces", spans: [], refusals } });
    desks.apply(
      traces(tradesOf("beta", 1).map((each) => ({ ...each, attributes: { [attribute.tradePnlUsd]: 5 } }))),
    );
    const beta = desks.engineOf("beta")?.current();
    expect(desks.own.current().statistics.active_positions).toMatchObject({ value: 3 });
    expect(beta?.statistics.active_positions).toMatchObject({ value: 5 });
    expect(beta?.services.desk).toMatchObject({ refused: 7 });
    expect(beta?.statistics.total_pnl_usd).toMatchObject({ value: 5 });
    expect(beta?.statistics.total_pnl).toMatchObject({ value: null });
  });

  it("have series of their own on /metrics, in the families of the own desk", () => {
    const desks = new Desks({ desks: rules });
    desks.apply(traces([...tradesOf("", 1), ...tradesOf("beta", 2)]));
    const families = desks.collect();
    expect(new Set(families.map(({ definition: { name } }) => name)).size).toBe(families.length);
    const samples = families.flatMap((family) =>
      family.definition.name === "trades_total" && "samples" in family ? family.samples : [],
    );
    expect(samples).toContainEqual({ labels: { status: "success" }, value: 1 });
    expect(samples).toContainEqual({ labels: { status: "success", desk: "beta" }, value: 2 });
  });
});

describe("time", () => {
  it("must pass by ticks while any desk is behind", () => {
    const desks = new Desks({ desks: rules });
    desks.apply(traces([...tradesOf("alpha", 1), ...tradesOf("b", 1)]));
    expect(desks.isBehind(START_MS + 2_000)).toBe(false);
    desks.apply(traces(tradesOf("alpha", 1, START_MS + 1_000)));
    expect(desks.isBehind(START_MS + 2_500)).toBe(true);
    desks.apply(traces(tradesOf("b", 1, START_MS + 1_000)));
    expect(desks.isBehind(START_MS + 2_500)).toBe(false);
  });
});

describe("more desks than there may be, and names that are none", () => {
  it("are in no statistic, and are counted", () => {
    const desks = new Desks({ desks: rules });
    for (const desk of ["b", "c", "d", "", "b", "line\nfeed", "x".repeat(101), "d"])
      desks.apply(traces(tradesOf(desk, 2)));
    desks.apply(metrics([point("openPositions", 1, START_MS, { resource: of("d") })]));
    expect(desks.others).toEqual(["b", "c"]);
    expect([trades(desks.own), trades(desks.engineOf("b")), trades(desks.engineOf("c"))]).toEqual([2, 4, 2]);
    expect(desks.leftOut).toEqual({ spans: 8, points: 1, desks: ["d", "line\nfeed", "x".repeat(101)] });
    expect(JSON.stringify(desks.collect())).toContain('{"labels":{"items":"spans"},"value":8}');
  });

  it.each(["line\nfeed", " b", "b ", " ", "\u00a0", "\ufffd", "\ud800", "\u200b", "x".repeat(101)])(
    "%j is no name",
    (name) => {
      const desks = new Desks({ desks: rules });
      desks.apply(traces(tradesOf(name, 2)));
      expect([desks.others, desks.leftOut.spans]).toEqual([[], 2]);
    },
  );

  it.each(["b", ".", "..", "a:b", "{a}", "a b", "\u{1f600}", "caf\u00e9", "x".repeat(100)])(
    "%j is a name",
    (name) => {
      const desks = new Desks({ desks: rules });
      desks.apply(traces(tradesOf(name, 2)));
      expect([desks.others, desks.leftOut.spans]).toEqual([[name], 0]);
    },
  );

  it("are remembered by name within a bound", () => {
    const desks = new Desks({ desks: { own: "", most: 0 } });
    for (let i = 0; i < 1_000; i += 1) desks.apply(traces(tradesOf(`${"x".repeat(1_000)}${i}`, 1)));
    expect(desks.leftOut.spans).toBe(1_000);
    expect(JSON.stringify(desks.leftOut.desks).length).toBeLessThan(10_000);
  });

  it("take the place of the desk that has sent nothing for longest, if that is long enough", () => {
    const desks = new Desks({ desks: { own: "", most: 2, idleMs: 60_000 } });
    const send = (desk: string, afterMs: number): void =>
      void desks.apply(traces(tradesOf(desk, 1, START_MS + afterMs)));
    send("b", 0);
    send("c", 1_000);
    send("b", 30_000);
    desks.apply(tick(START_MS + 60_000));
    send("d", 60_000);
    expect([desks.others, desks.leftOut.spans]).toEqual([["b", "c"], 1]);
    send("e", 61_000);
    expect([desks.others, desks.leftOut.spans]).toEqual([["b", "e"], 1]);
    const { changes } = desks;
    send("c", 62_000);
    expect([desks.others, desks.leftOut.spans, desks.changes]).toEqual([["b", "e"], 2, changes]);
    const restored = Desks.restore(desks.save(), desks.takeSeen());
    for (const each of [desks, restored]) each.apply(traces(tradesOf("f", 1, START_MS + 90_000)));
    expect([restored.others, restored.leftOut]).toEqual([desks.others, desks.leftOut]);
    expect(restored.others).toEqual(["e", "f"]);
  });

  it("do not come from the aggregator's own spans", () => {
    const desks = new Desks({ desks: rules });
    const verdicts = { service: "slipstream-aggregator", instance: "", desk: "beta" };
    desks.apply(traces([span("verdict", START_MS, { resource: verdicts })]));
    expect([desks.others, desks.leftOut.spans]).toEqual([[], 0]);
  });
});

describe("options", () => {
  const options = (config: EngineConfig): EngineRecord => ({
    receivedMs: START_MS,
    batch: { kind: "options", options: completeOptions(config) },
  });

  it("of a version whose desks never made room say so", () => {
    for (const desks of [rules, { ...rules, idleMs: 5 }])
      expect(decodeOptions(encodeOptions(completeOptions({ desks }))).desks).toEqual(desks);
  });

  it("of a version that did not tell desks apart keep all in one, until newer ones hold", () => {
    const before = decodeOptions(Buffer.from(JSON.stringify({ rateWindowSeconds: 60 })));
    const desks = new Desks(before);
    desks.apply(traces(tradesOf("beta", 2)));
    expect([trades(desks.own), desks.others]).toEqual([2, []]);
    desks.apply({
      receivedMs: START_MS,
      batch: { kind: "options", options: decodeOptions(encodeOptions(completeOptions({ desks: rules }))) },
    });
    desks.apply(traces(tradesOf("beta", 1)));
    expect([trades(desks.own), trades(desks.engineOf("beta"))]).toEqual([2, 1]);
  });

  it("reach all desks", () => {
    const desks = new Desks({ desks: rules });
    desks.apply(traces(tradesOf("beta", 1)));
    desks.apply(options({ desks: rules, rateWindowSeconds: 120, capitalUsd: 7 }));
    expect(desks.engineOf("beta")?.options).toMatchObject({ rateWindowSeconds: 120 });
    expect(desks.engineOf("beta")?.options.capitalUsd).toBeUndefined();
  });

  it("that make another desk the own one end what was kept apart for it", () => {
    const desks = new Desks({ desks: rules });
    desks.apply(traces([...tradesOf("alpha", 1), ...tradesOf("beta", 2)]));
    desks.apply(options({ desks: { own: "beta", most: 2 } }));
    desks.apply(traces(tradesOf("beta", 4)));
    expect([desks.others, trades(desks.own), trades(desks.engineOf("beta"))]).toEqual([[], 5, 5]);
  });
});

describe("the saved state", () => {
  it("continues all desks as if nothing had happened", () => {
    fc.assert(
      fc.property(own, other, fc.nat(), (first, second, at) => {
        const records = delivered([
          ...first,
          ...second.map((item, i) => inDesk(item, i % 3 ? "beta" : "too many")),
        ]);
        const whole = new Desks({ desks: { own: "", most: 1 }, dedupeSpans: 20 }, duties);
        let part = new Desks({ desks: { own: "", most: 1 }, dedupeSpans: 20 }, duties);
        const seen: SeenKeys[] = [];
        const place = at % records.length;
        for (const [i, record] of records.entries()) {
          if (i === place) {
            const state = deserialize(serialize(part.save())) as EngineState;
            seen.push(...part.takeSeen());
            part = Desks.restore(state, seen, duties);
            expect([...part.lost, ...part.lostOfOthers]).toEqual([]);
          }
          expect(all([part.apply(record)])).toBe(all([whole.apply(record)]));
        }
        const read = (desks: Desks): string =>
          JSON.stringify([
            desks.collect(),
            desks.leftOut,
            desks.others.map((name) => desks.engineOf(name)?.current()),
          ]);
        expect(read(part)).toBe(read(whole));
        expect(isDeepStrictEqual(part.save(), whole.save())).toBe(true);
      }),
      { numRuns: 12, ...limits },
    );
  });

  it("of a version that did not tell desks apart has the own one alone", () => {
    const engine = new Engine({}, duties);
    engine.apply(traces(tradesOf("beta", 3)));
    const desks = Desks.restore(engine.save(), engine.takeSeen(), duties);
    expect([...desks.lost.keys()]).toEqual(["desks"]);
    expect([trades(desks.own), desks.others]).toEqual([3, []]);
  });

  it("whose desks lack new parts, or have damaged ones, begins these and keeps the rest", () => {
    const desks = new Desks({ desks: rules }, duties);
    desks.apply(traces([...tradesOf("", 1), ...tradesOf("beta", 2)]));
    interface SavedDesks {
      readonly data: { readonly others: readonly { readonly parts: Record<string, unknown> }[] };
    }
    const { parts } = structuredClone(desks.save());
    const [beta] = (parts.desks as unknown as SavedDesks).data.others;
    delete beta?.parts["statistics.pnl"];
    Object.assign(beta?.parts ?? {}, { minutes: { version: 1, since: null, data: 7 } });
    const restored = Desks.restore({ parts }, desks.takeSeen(), duties);
    expect(restored.lostOfOthers).toEqual([
      { desk: "beta", added: ["statistics.pnl"], unreadable: [["minutes", expect.any(String)]] },
    ]);
    expect([trades(restored.own), trades(restored.engineOf("beta"))]).toEqual([1, 2]);
  });

  it("whose other desks are damaged keeps the own one", () => {
    const desks = new Desks({ desks: rules }, duties);
    desks.apply(traces([...tradesOf("", 1), ...tradesOf("beta", 2)]));
    const { parts } = desks.save();
    const damaged = { parts: { ...parts, desks: { version: 1, since: null, data: { leftOut: 7 } } } };
    const restored = Desks.restore(damaged, desks.takeSeen(), duties);
    expect([trades(restored.own), restored.others]).toEqual([1, []]);
    expect(restored.lost.get("desks")).toMatch(/Not saved counts/);
  });
});
