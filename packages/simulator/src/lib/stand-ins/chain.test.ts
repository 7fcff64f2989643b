import { expect, test } from "vitest";
import { Market } from "../market/market.ts";
import { Random } from "../random.ts";
import { Chain, SLOT_MS } from "./chain.ts";

function firstSlot(seed: number, startMs: number): number {
  const options = { seed, startMs, blockhashSlots: 15, lostRate: 0, attackRate: 0 };
  return new Chain(new Market(seed), new Random(seed), options).firstSlot;
}

test("slots depend on the time only, so a chain that is started again goes on where it was", () => {
  const startMs = Date.UTC(2026, 5, 1);
  expect(firstSlot(2, startMs)).toBe(firstSlot(1, startMs));
  expect(firstSlot(2, startMs + 10 * SLOT_MS)).toBe(firstSlot(1, startMs) + 10);
});
