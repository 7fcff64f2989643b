import { SlipstreamError } from "@slipstream/conventions";
import { type ChainBatch, emptyChain } from "@slipstream/engine";
import { FIRST_SLOT, POOL, sandwich, slotOf } from "@slipstream/testing/engine/chain";
import { expect, test } from "vitest";
import { decodeChain, encodeChain, MAX_CHAIN_BYTES } from "./chain.ts";

const swaps = sandwich(FIRST_SLOT, { sol: 10n ** 12n, token: 10n ** 15n }, "own", "attacker");
const [first] = swaps;
if (first !== undefined)
  swaps[0] = {
    ...first,
    feeIn: 7n,
    feeOut: 3n,
    tips: [{ service: "jito", lamports: 7n, transaction: "beside" }],
  };
const place = {
  id: "x:1",
  slot: FIRST_SLOT,
  blockTime: null,
  txIndex: 3,
  eventIndex: 1,
  signature: "x",
  signer: "y",
  protocol: "raydium-v4",
  fee: { total: 5_000n, base: 5_000n, priority: 0n },
};
const passed = {
  txIndex: 4,
  eventIndex: 0,
  signature: "z",
  token: "mint",
  from: "one",
  to: "two",
  amount: 100n,
  received: 99n,
};
const batch: ChainBatch = {
  kind: "chain",
  slots: [
    slotOf(FIRST_SLOT, swaps, [{ ...place, pool: null }]),
    {
      ...slotOf(FIRST_SLOT + 1),
      pools: [POOL],
      undecoded: [{ ...place, slot: FIRST_SLOT + 1, pool: POOL, reason: "no balances" }],
      transfers: [{ ...passed, slot: FIRST_SLOT + 1 }],
      searched: ["own"],
      others: [{ signature: "own", failed: true, programs: ["Router"], tips: [] }],
      skipped: [FIRST_SLOT - 1],
      leader: null,
    },
  ],
  skipped: [FIRST_SLOT + 2],
  failed: [{ slot: FIRST_SLOT + 3, reason: "the node has no such block" }],
  placed: [{ signature: "own", slot: FIRST_SLOT }],
  finalized: FIRST_SLOT,
};

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SlipstreamError) return error.code;
    throw error;
  }
  return "none";
}

test("what is told of the chain is read as it was written", () => {
  expect(decodeChain(encodeChain(batch))).toEqual(batch);
  expect(decodeChain(encodeChain(emptyChain))).toEqual(emptyChain);
});

test("an amount keeps every digit", () => {
  const [swap] = swaps;
  if (swap === undefined) throw new Error("no swap");
  const large = { ...emptyChain, slots: [slotOf(FIRST_SLOT, [{ ...swap, amountIn: 2n ** 64n + 1n }])] };
  expect(decodeChain(encodeChain(large)).slots[0]?.swaps[0]?.amountIn).toBe(2n ** 64n + 1n);
});

test.each([
  ["no JSON", "{"],
  ["no object", "3"],
  ["a slot that is none", JSON.stringify({ ...emptyChain, skipped: [-1] })],
  ["a negative amount", `{"slots":[{"slot":1}],"skipped":[],"failed":[],"finalized":null}`],
])("%s is refused", (_, body) => {
  expect(codeOf(() => decodeChain(Buffer.from(body)))).toBe("invalid_chain");
});

test("a body has a bound", () => {
  const [swap] = swaps;
  const many = Array.from({ length: 9_000 }, (_, i) => ({ ...swap, id: `${i}` }) as (typeof swaps)[0]);
  expect(codeOf(() => encodeChain({ ...emptyChain, slots: [slotOf(1, many)] }))).toBe("chain_too_large");
  expect(MAX_CHAIN_BYTES).toBeLessThan(16 * 1024 * 1024);
});
