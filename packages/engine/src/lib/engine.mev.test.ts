import { attribute } from "@slipstream/conventions";
import type { NumberSample } from "@slipstream/exposition";
import type { Saved } from "@slipstream/stats";
import { chain, FIRST_SLOT, sandwich, slotOf, swapsOf } from "@slipstream/testing/engine/chain";
import { run, statistic } from "@slipstream/testing/engine/run";
import { START_MS, tick, traces, trade } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { Engine } from "./engine.ts";
import { recordOf } from "./history/rows.ts";
import type { EngineRecord } from "./model.ts";
import { completeOptions } from "./options.ts";

const SECOND = 1_000;
const reserves = () => ({ sol: 10n ** 12n, token: 10n ** 15n });

/** A trade of 1,000 USD in a slot. */
function own(endMs: number, at: number, more = {}): EngineRecord {
  return traces([
    trade(endMs, {
      [attribute.tradeId]: `trade-${at}`,
      [attribute.solanaSignature]: `own-${at}`,
      [attribute.solanaSlot]: FIRST_SLOT + at,
      [attribute.tradePair]: "SOL/USDC",
      [attribute.tradeSizeUsd]: 1_000,
      [attribute.mevProtection]: "none",
      ...more,
    }),
  ]);
}

function around(at: number, swaps: ReturnType<typeof swapsOf>): ReturnType<typeof slotOf>[] {
  return [-3, -2, -1, 0, 1, 2, 3].map((off) => slotOf(FIRST_SLOT + at + off, off === 0 ? swaps : []));
}

const attacked = (at: number) => around(at, sandwich(FIRST_SLOT + at, reserves(), `own-${at}`, "mallory"));
const alone = (at: number) =>
  around(
    at,
    swapsOf(FIRST_SLOT + at, reserves(), [
      { signature: `own-${at}`, signer: "desk", buy: true, amountIn: 10n ** 9n },
    ]),
  );

function samples(engine: Engine, name: string): readonly NumberSample[] {
  const family = engine.collect().find(({ definition }) => definition.name === name);
  return family !== undefined && "samples" in family ? family.samples : [];
}

function sample(engine: Engine, name: string): unknown {
  return samples(engine, name)[0]?.value;
}

describe("verdicts", () => {
  it("are provisional until the slots around are final, and only final ones are attacks counted", () => {
    const { engine, rows } = run([
      own(START_MS, 0),
      chain(START_MS + SECOND, { slots: attacked(0), finalized: FIRST_SLOT - 10 }),
    ]);
    expect(sample(engine, "mev_attacks_impacted")).toBe(0);
    expect(statistic(engine, "mev_detection_rate")).toMatchObject({ value: 100, count: 1 });
    expect(statistic(engine, "mev_avoidance_rate")).toMatchObject({ value: 0, count: 1 });
    const final = engine.apply(chain(START_MS + 2 * SECOND, { finalized: FIRST_SLOT + 3 }));
    expect(sample(engine, "mev_attacks_impacted")).toBe(1);
    expect(engine.verdicts.waiting).toBe(0);
    const verdicts = [...rows, ...final.rows].filter(({ table }) => table === "mev_verdicts").map(recordOf);
    expect(verdicts.map(({ trade_id, verdict, state }) => [trade_id, verdict, state])).toEqual([
      ["trade-0", "impacted", "provisional"],
      ["trade-0", "impacted", "final"],
    ]);
    expect(verdicts[1]).toMatchObject({
      attacker: "mallory",
      attackers: '["mallory"]',
      trace_id: expect.stringMatching(/^[\da-f]{32}$/),
      span_id: expect.stringMatching(/^[\da-f]{16}$/),
      decided_ms: START_MS + 2 * SECOND,
      front_signature: "own-0-front",
      back_signature: "own-0-back",
      leader: "Leader",
      size: "1000-10000",
    });
    expect(Number(verdicts[1]?.loss_usd)).toBeCloseTo(1_000 * Number(verdicts[1]?.loss_ratio), 6);
    expect(statistic(engine, "mev_loss_usd").value).toBeCloseTo(Number(verdicts[1]?.loss_usd), 5);
    for (const [by, value] of [
      ["pair", "SOL/USDC"],
      ["size", "1000-10000"],
      ["protection", "none"],
    ] as const) {
      const [loss] = samples(engine, `slipstream_mev_loss_by_${by}_usd`);
      expect(loss?.labels).toEqual({ [by]: value });
      expect(loss?.value).toBeCloseTo(Number(verdicts[1]?.loss_usd), 5);
      expect(samples(engine, `slipstream_mev_attacked_by_${by}`)).toMatchObject([{ value: 1 }]);
    }
  });

  it("told again, or of a block that came before its trade, count once", () => {
    const blocks = chain(START_MS + SECOND, { slots: attacked(0), finalized: FIRST_SLOT + 3 });
    const { engine } = run([blocks, own(START_MS, 0), tick(START_MS + 2 * SECOND), blocks, blocks]);
    expect(sample(engine, "mev_attacks_impacted")).toBe(1);
    expect(statistic(engine, "mev_detection_rate").count).toBe(1);
  });

  it("amend what was published of the time of the trade", () => {
    const late = [
      own(START_MS, 0),
      own(START_MS + 10 * SECOND, 40),
      own(START_MS + 20 * SECOND, 80),
      chain(START_MS + 21 * SECOND, { slots: attacked(0) }),
      own(START_MS + 30 * SECOND, 120),
    ];
    const { instants, publications } = run(late);
    expect(publications.some(({ amended }) => amended)).toBe(true);
    expect([...instants.values()].map(({ mev_avoidance_rate: rate }) => rate)).toEqual(
      [...instants].map(() => 0),
    );
  });

  it("are unknown without a watcher, and their trades are found once there is one", () => {
    const { engine } = run([own(START_MS, 0), tick(START_MS + SECOND)]);
    expect(statistic(engine, "mev_detection_rate")).toMatchObject({
      value: null,
      count: 0,
      reason: "no MEV verdicts yet",
    });
    expect(engine.verdicts.wanted(10)).toEqual([]);
    engine.apply(chain(START_MS + 2 * SECOND, {}));
    expect(engine.verdicts.wanted(10)).toEqual([-3, -2, -1, 0, 1, 2, 3].map((off) => FIRST_SLOT + off));
    expect([...engine.verdicts.interestIn(FIRST_SLOT + 2).signatures]).toEqual(["own-0"]);
    engine.apply(chain(START_MS + 3 * SECOND, { slots: alone(0), finalized: FIRST_SLOT + 3 }));
    expect(statistic(engine, "mev_detection_rate")).toMatchObject({ value: 0, count: 1 });
    expect(statistic(engine, "mev_avoidance_rate").reason).toContain("no attack on 1 trade with");
  });

  it("read as many slots around a trade as the window has, and a change applies from then on", () => {
    const engine = new Engine({ slotMs: 300 });
    engine.apply(chain(START_MS, {}));
    engine.apply(own(START_MS, 0));
    const around = (slots: number): number[] =>
      Array.from({ length: 2 * slots + 1 }, (_, i) => FIRST_SLOT - slots + i);
    expect(engine.verdicts.wanted(20)).toEqual(around(4));
    const restored = Engine.restore(engine.save(), []);
    expect(restored.verdicts.wanted(20)).toEqual(around(4));
    const options = completeOptions({ sandwichWindowMs: 400 });
    restored.apply({ receivedMs: START_MS, batch: { kind: "options", options } });
    expect(restored.verdicts.wanted(20)).toEqual(around(1));
  });

  it("that may still change are counted if the window becomes so long that its panes do, too", () => {
    const { engine } = run([
      own(START_MS, 0),
      chain(START_MS + SECOND, { slots: attacked(0), finalized: FIRST_SLOT - 10 }),
    ]);
    const options = completeOptions({ mevWindowSeconds: 604_800 });
    engine.apply({ receivedMs: START_MS + SECOND, batch: { kind: "options", options } });
    expect(statistic(engine, "mev_unknown_rate")).toMatchObject({ value: 0, count: 1 });
    const impacted = () =>
      samples(engine, "slipstream_mev_verdicts_by_pair").filter(
        ({ labels }) => labels.verdict === "impacted",
      );
    expect(impacted().map(({ value }) => value)).toEqual([1]);
    // The front was the desk's own.
    engine.apply(
      own(START_MS, 0, { [attribute.tradeId]: "front", [attribute.solanaSignature]: "own-0-front" }),
    );
    engine.apply(tick(START_MS + 2 * SECOND));
    expect(impacted().map(({ value }) => value)).toEqual([0]);
    expect(statistic(engine, "mev_unknown_rate")).toMatchObject({ count: 2 });
  });

  it("of trades that version 6 kept waiting become final, without the trades' spans", () => {
    const { engine } = run([chain(START_MS, {}), own(START_MS, 0)]);
    const { parts } = engine.save();
    // What version 6 saved: the same without the ids of the spans.
    const former = JSON.stringify(parts.verdicts?.data).replaceAll(
      /\\"(?:traceId|spanId)\\":\\"[\da-f]+\\",/g,
      "",
    );
    expect(former).not.toContain("traceId");
    const verdicts = { version: 6, since: null, data: JSON.parse(former) as Saved };
    const restored = Engine.restore({ parts: { ...parts, verdicts } }, engine.takeSeen(), { history: true });
    expect(restored.lost.has("verdicts")).toBe(false);
    const record = chain(START_MS + SECOND, { slots: attacked(0), finalized: FIRST_SLOT + 3 });
    const rows = restored.apply(record).rows.filter(({ table }) => table === "mev_verdicts");
    expect(rows.map(recordOf)).toEqual([
      expect.objectContaining({ trade_id: "trade-0", state: "final", trace_id: null, span_id: null }),
    ]);
  });

  it("of trades that failed before they reached a slot are not looked for", () => {
    const failed = { [attribute.tradeStatus]: "failed", [attribute.solanaSlot]: undefined };
    const { engine } = run([chain(START_MS, {}), own(START_MS, 0, failed), own(START_MS, 1)]);
    expect(engine.verdicts.waiting).toBe(1);
  });

  it("tell what a fee was worth by the desk's last price of SOL, a minute old at most", () => {
    const fee = { [attribute.solanaPriorityFeeLamports]: 1e9 };
    const { rows } = run([
      chain(START_MS, {}),
      own(START_MS, 0, { ...fee, [attribute.tradeSolUsd]: 150 }),
      own(START_MS + 30 * SECOND, 1, fee),
      own(START_MS + 120 * SECOND, 2, fee),
      tick(START_MS + 121 * SECOND),
    ]);
    const fees = rows.filter(({ table }) => table === "mev_verdicts").map((row) => recordOf(row).fee_usd);
    expect(fees).toEqual([150, 150, null]);
  });

  it("show the protection of a trade that names none by its tip, and count the tip in its fee", () => {
    const tipped = (at: number, lamports: bigint) =>
      alone(at).map((slot) => ({
        ...slot,
        swaps: slot.swaps.map((swap) => ({
          ...swap,
          tipLamports: lamports,
          tips: [{ service: "nozomi", lamports }],
        })),
      }));
    const fee = { [attribute.solanaPriorityFeeLamports]: 1e9, [attribute.tradeSolUsd]: 100 };
    const unnamed = { ...fee, [attribute.mevProtection]: undefined };
    const bundled = { ...unnamed, [attribute.jitoBundleId]: "bundle", [attribute.jitoTipLamports]: 5e8 };
    const { engine, rows } = run([
      own(START_MS, 0, unnamed),
      own(START_MS, 40, { ...fee, [attribute.mevProtection]: "none" }),
      own(START_MS, 80, bundled),
      own(START_MS, 120, bundled),
      own(START_MS, 160, unnamed),
      chain(START_MS, {}),
      chain(START_MS + SECOND, { slots: [0, 40, 80].flatMap((at) => tipped(at, 2_000_000_000n)) }),
      chain(START_MS + SECOND, { slots: alone(120), finalized: FIRST_SLOT + 200 }),
    ]);
    const verdicts = rows.filter(({ table }) => table === "mev_verdicts").map(recordOf);
    const last = new Map(verdicts.map((row) => [row.trade_id, row]));
    const told = [0, 40, 80, 120, 160].map((at) => {
      const row = last.get(`trade-${at}`);
      return [row?.protection, row?.protection_source, row?.tip_lamports, row?.fee_usd];
    });
    expect(told).toEqual([
      ["nozomi", "tip", 2e9, 300],
      ["none", "named", 2e9, 300],
      ["jito", "named", 2e9, 300],
      ["jito", "named", 5e8, 150],
      ["none", null, null, 100],
    ]);
    expect(String(last.get("trade-40")?.evidence)).toContain(
      "names protection none, but the tip went to nozomi",
    );
    // A trade whose protection became known later is counted once.
    const counts = samples(engine, "slipstream_mev_trades").filter(({ value }) => value !== 0);
    expect(counts.reduce((sum, { value }) => sum + Number(value), 0)).toBe(5);
    expect(counts.every(({ value }) => Number(value) > 0)).toBe(true);
  });

  it("are told apart by no more pairs than have room on /metrics", () => {
    const trades = Array.from({ length: 100 }, (_, at) =>
      own(START_MS + at, at, { [attribute.tradePair]: `T${at}/SOL` }),
    );
    const { engine } = run([chain(START_MS, {}), ...trades, tick(START_MS + SECOND)]);
    const counts = samples(engine, "slipstream_mev_trades").map(({ labels, value }) => [labels.pair, value]);
    expect(counts).toHaveLength(65);
    expect(counts).toContainEqual(["other", 36]);
  });
});
