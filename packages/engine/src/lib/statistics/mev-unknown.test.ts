import { attribute } from "@slipstream/conventions";
import { chain, FIRST_SLOT, slotOf } from "@slipstream/testing/engine/chain";
import { run, statistic } from "@slipstream/testing/engine/run";
import { START_MS, traces, trade } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine.ts";
import type { EngineRecord } from "../model.ts";

const S = 1_000;
const own = (endMs: number, slot: number): EngineRecord =>
  traces([
    trade(endMs, {
      [attribute.tradeId]: `trade-${slot}`,
      [attribute.solanaSignature]: `own-${slot}`,
      [attribute.solanaSlot]: slot,
    }),
  ]);
/** The blocks around a slot, none of which has the desk's trade. */
const around = (slot: number) => [-3, -2, -1, 0, 1, 2, 3].map((off) => slotOf(slot + off));

describe("the share of trades without a verdict that says something", () => {
  it("counts each trade once, by its newest verdict", () => {
    const { engine } = run([own(START_MS, FIRST_SLOT), own(START_MS + S, FIRST_SLOT + 50)]);
    expect(statistic(engine, "mev_unknown_rate")).toMatchObject({ value: null, count: 0 });
    engine.apply(chain(START_MS + 2 * S, { slots: around(FIRST_SLOT), finalized: FIRST_SLOT - 10 }));
    const restored = Engine.restore(structuredClone(engine.save()), []);
    for (const each of [engine, restored]) {
      each.apply(
        chain(START_MS + 3 * S, {
          failed: [{ slot: FIRST_SLOT + 50, reason: "pruned" }],
          slots: around(FIRST_SLOT + 100),
          finalized: FIRST_SLOT + 200,
        }),
      );
      const { value, count, unit } = statistic(each, "mev_unknown_rate");
      const verdicts = each.current().statistics.mev_trades;
      const all = verdicts !== undefined && "series" in verdicts ? verdicts.series : [];
      const unknown = all.filter(({ labels }) => labels.verdict === "unknown");
      const sum = (of: typeof all) => of.reduce((total, one) => total + Number(one.value), 0);
      expect([count, unit]).toEqual([sum(all), "%"]);
      expect(count).toBeGreaterThan(0);
      expect(value).toBe((100 * sum(unknown)) / count);
    }
  });
});
