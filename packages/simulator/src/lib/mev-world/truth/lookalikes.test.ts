import { expect, test } from "vitest";
import type { WorldTransaction } from "../chain/transaction.ts";
import { Traces } from "./lookalikes.ts";

/** A swap in pool 0 by a signer at a position. */
function swap(
  signer: string,
  slot: number,
  txIndex: number,
  buy: boolean,
  amountIn: bigint,
  amountOut: bigint,
): WorldTransaction {
  return {
    slot,
    txIndex,
    draft: { signer },
    swaps: [{ pool: { index: 0 }, buy, amountIn, amountOut }],
  } as never;
}

test("profitable round trips around a trade are reported, others are not", () => {
  const traces = new Traces();
  traces.add(swap("lucky", 100, 1, true, 1000n, 500n), "unlucky");
  traces.add(swap("loser", 100, 2, true, 1000n, 500n), "unlucky");
  traces.add(swap("other side", 100, 3, false, 500n, 1000n), "maker");
  traces.add(swap("before", 100, 4, true, 1000n, 500n), "person");
  traces.add(swap("before", 100, 5, false, 500n, 1100n), "person");
  const trade = swap("desk", 101, 1, true, 1n, 1n);
  traces.add(swap("lucky", 101, 2, false, 480n, 1010n), "unlucky");
  traces.add(swap("loser", 101, 3, false, 500n, 990n), "unlucky");
  traces.add(swap("other side", 102, 3, true, 900n, 500n), "maker");
  traces.add(swap("lucky", 120, 3, false, 500n, 2000n), "unlucky");
  expect(traces.around(0, true, trade)).toEqual([
    { role: "unlucky", signer: "lucky", matched: 0.96, slots: 1 },
  ]);
  expect(traces.around(1, true, trade)).toEqual([]);
});
