import { expect, test } from "vitest";
import { type Bps, bps, type Lamports, lamports, type MicroUsd, microUsd } from "./money.ts";

const fee = (amount: Lamports): number => amount;
const profit = (amount: MicroUsd): number => amount;
const tolerance = (amount: Bps): number => amount;

test("an amount in another unit does not compile, and an amount is the number that it was", () => {
  expect(fee(lamports(5_000))).toBe(5_000);
  expect(profit(microUsd(7))).toBe(7);
  expect(tolerance(bps(50))).toBe(50);
  // @ts-expect-error a plain number has no unit
  expect(fee(5_000)).toBe(5_000);
  // @ts-expect-error micro-USD are no lamports
  expect(fee(microUsd(7))).toBe(7);
  // @ts-expect-error lamports are no basis points
  expect(tolerance(lamports(50))).toBe(50);
});
