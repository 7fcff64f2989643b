import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { SlotRecord } from "./engine/slot-record.ts";
import type { MevWorldOptions } from "./options.ts";
import { openMevWorld } from "./world.ts";

function textOf(records: Iterable<SlotRecord>): string {
  const hash = createHash("sha256");
  for (const { swaps, failed, trades, truths, attacks, slot, timeMs, leader } of records) {
    const line = { swaps, failed, trades, truths, attacks, slot, timeMs, leader };
    hash.update(
      JSON.stringify(line, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
    );
  }
  return hash.digest("hex");
}

const small: MevWorldOptions = { trades: 400, days: 0.05, attackRate: 0.1 };

describe("a world", () => {
  test("is determined by its seed and its options", () => {
    const world = openMevWorld({ ...small, seed: 5 });
    const text = textOf(world.slots());
    expect(textOf(world.slots())).toBe(text);
    expect(textOf(openMevWorld({ ...small, seed: 5 }).slots())).toBe(text);
    expect(textOf(openMevWorld({ ...small, seed: 6 }).slots())).not.toBe(text);
    expect(textOf(openMevWorld({ ...small, seed: 5, protectedShare: 0.9 }).slots())).not.toBe(text);
  });

  test("reports every trade once: a span when it ends, its truth some slots later", () => {
    const spans = new Map<unknown, number>();
    const truths = new Map<string, number>();
    let last = 0;
    for (const { slot, trades, truths: told } of openMevWorld(small).slots()) {
      expect(slot).toBeGreaterThan(last);
      last = slot;
      for (const { attributes } of trades) spans.set(attributes["trade.id"], slot);
      for (const { id, slot: landed } of told) {
        expect(spans.has(id)).toBe(true);
        if (landed !== null) expect(spans.get(id)).toBe(landed);
        expect(truths.has(id)).toBe(false);
        truths.set(id, slot);
      }
    }
    expect(spans.size).toBe(400);
    expect(truths.size).toBe(400);
  });

  test("spans and truth agree, and spans contain nothing that the desk cannot know", () => {
    const records = [...openMevWorld(small).slots()];
    const truths = new Map(records.flatMap((record) => record.truths).map((truth) => [truth.id, truth]));
    const swaps = new Map(records.flatMap((record) => record.swaps).map((swap) => [swap.id, swap]));
    for (const { attributes, startMs, endMs } of records.flatMap(({ trades }) => trades)) {
      const truth = truths.get(String(attributes["trade.id"]));
      const swap = swaps.get(truth?.swap ?? "");
      expect(attributes).toMatchObject({
        "trade.pair": truth?.pair,
        "trade.size_usd": truth?.sizeUsd,
        "trade.status": truth?.status === "landed" ? "success" : "failed",
        "mev.protection": truth?.protection,
      });
      expect(attributes["solana.signature"] ?? null).toBe(truth?.signature);
      expect(attributes["trade.actual_out"]).toBe(swap && String(swap.amountOut));
      if (swap !== undefined) {
        expect(attributes["trade.amount_in"]).toBe(String(swap.amountIn));
        expect(attributes["solana.signer"]).toBe(swap.signer);
        expect(swap.amountOut >= BigInt(String(attributes["trade.min_out"]))).toBe(true);
      }
      expect(endMs).toBeGreaterThan(startMs);
      expect(JSON.stringify(attributes)).not.toMatch(/attack|impacted|avoided|clean|oracle/);
    }
  });

  test("without others and attackers, only the desk trades", () => {
    const world = openMevWorld({ ...small, attackRate: 0, noise: 0 });
    for (const { swaps, attacks, truths } of world.slots()) {
      expect(swaps.every(({ program }) => program?.startsWith("JUP6"))).toBe(true);
      expect(attacks).toEqual([]);
      for (const { verdict, lossAtoms, nearby } of truths) {
        expect(["clean", null]).toContain(verdict);
        expect([lossAtoms, nearby]).toEqual(["0", []]);
      }
    }
  });
});
