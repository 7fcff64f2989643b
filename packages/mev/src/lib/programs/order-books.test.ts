import { parseBlock } from "@slipstream/solana/block";
import {
  type BuiltInstruction,
  type BuiltTransaction,
  builtBlock,
  SOL,
  simpleSwap,
  TOKEN,
  taggedInstruction,
} from "@slipstream/testing/build-block";
import { describe, expect, it } from "vitest";
import { type DecodedBlock, decodeBlock } from "../swaps/decode-block.ts";

const decode = (...transactions: BuiltTransaction[]): DecodedBlock =>
  decodeBlock(parseBlock(builtBlock(...transactions)), 42);

const PHOENIX = "PhoeNiXZ8ByJGLkxNfZRnkUfjvmuYqLR89jjFHGqdXY";
const OPENBOOK = "opnb2LAfJYbRMAHHvqjCwQxanZn7ReEHp1k81EohpZb";

/** Bytes of a discriminator, then zeroes up to `length`, with the order's type at its place. */
function order(discriminator: bigint, typeAt: number, type: number): number[] {
  const view = new DataView(new ArrayBuffer(Math.max(typeAt + 1, 80)));
  view.setBigUint64(0, discriminator);
  view.setUint8(typeAt, type);
  return [...new Uint8Array(view.buffer)];
}

/** An order with the market among its accounts; its tokens go into one vault at most. */
function orderOf(
  program: string,
  data: number[],
  market: number,
  inner: BuiltInstruction[] = [],
): BuiltTransaction {
  const accounts = Array.from({ length: 12 }, (_, at) => (at === market ? "pool" : "other"));
  return {
    signatures: ["sig"],
    instructions: [taggedInstruction(program, data, accounts)],
    inner: { 0: inner },
    balances: { vaultSol: [1n, 1n] },
  };
}

const event = {
  fill: 2,
  place: 3,
  reduce: 4,
  evict: 5,
  fillSummary: 6,
  fee: 7,
  time: 8,
  expired: 9,
} as const;
const eventBytes = { 2: 67, 3: 43, 4: 35, 5: 59, 6: 43, 7: 11, 8: 27, 9: 59 } as const;

/** The instruction with which Phoenix logs events, by calling itself. */
function log(...events: (keyof typeof eventBytes)[]): BuiltInstruction {
  const bytes = [15, 1, ...Array<number>(91).fill(0)];
  for (const one of events) bytes.push(one, ...Array<number>(eventBytes[one] - 1).fill(200));
  return taggedInstruction(PHOENIX, bytes, ["other"], 2);
}

describe("Phoenix", () => {
  const vaults = [
    "other",
    "other",
    "pool",
    "trader",
    "traderToken",
    "traderSol",
    "vaultToken",
    "vaultSol",
    "other",
  ];

  it("swaps what goes through the market's vaults", () => {
    const swap = taggedInstruction(PHOENIX, [0, 2, 1, 0], vaults);
    const { swaps, undecoded, unread } = decode(simpleSwap({ instructions: [swap] }));
    expect([undecoded, unread]).toEqual([[], []]);
    expect(swaps).toMatchObject([
      { protocol: "Phoenix", pool: "pool", tokenIn: SOL, tokenOut: TOKEN, amountIn: 1000n, amountOut: 500n },
    ]);
    expect(swaps[0]?.reserves).toBeUndefined();
  });

  it("does not show what a swap with funds in the market got", () => {
    const { undecoded } = decode(orderOf(PHOENIX, [1, 2, 1, 0], 2, [log(event.fill, event.fillSummary)]));
    expect(undecoded).toMatchObject([
      { pool: "pool", reason: expect.stringContaining("funds in the market") },
    ]);
  });

  it.each([
    ["a limit order", 1],
    ["an order that fills or is cancelled", 2],
  ])("shows in its log whether %s took others' orders", (_, packet) => {
    for (const tag of [2, 3]) {
      const took = decode(
        orderOf(PHOENIX, [tag, packet, 0], 2, [log(event.expired, event.fill, event.place)]),
      );
      expect(took.undecoded).toMatchObject([
        { pool: "pool", reason: expect.stringContaining("took others' orders") },
      ]);
      const silent = decode(orderOf(PHOENIX, [tag, packet, 0], 2));
      expect(silent.undecoded).toHaveLength(1);
      const { place, reduce, evict, fillSummary, fee, time } = event;
      const rests = log(evict, reduce, place, fillSummary, fee, time, event.expired);
      const decoded = decode(orderOf(PHOENIX, [tag, packet, 0], 2, [rests]));
      expect([decoded.swaps, decoded.undecoded, decoded.unread]).toEqual([[], [], []]);
      expect(decoded.decodedPrograms).toMatchObject([
        { protocol: "Phoenix", swaps: 0, otherInstructions: 2 },
      ]);
    }
  });

  it("is not attempted by limit orders that failed, nor by orders that only make", () => {
    const failed = { ...orderOf(PHOENIX, [2, 1, 0], 2), err: "failed" };
    const postOnly = { ...orderOf(PHOENIX, [2, 0, 0], 2, [log(event.place)]), signatures: ["b"] };
    const several = { ...orderOf(PHOENIX, [16, 6, 0], 2, [log(event.place)]), signatures: ["c"] };
    const decoded = decode(failed, postOnly, several);
    expect([decoded.attempted, decoded.undecoded]).toEqual([[], []]);
    const swap = taggedInstruction(PHOENIX, [0, 2, 1, 0], vaults);
    expect(decode(simpleSwap({ instructions: [swap], err: "failed" })).attempted).toMatchObject([
      { pool: "pool" },
    ]);
  });
});

describe("OpenBook v2", () => {
  it("swaps what a take order moves through the market's vaults", () => {
    const accounts =
      "trader trader pool other other other vaultToken vaultSol other traderToken traderSol".split(" ");
    const take = taggedInstruction(OPENBOOK, order(0x032c47031ac7cb55n, 8, 0), accounts);
    const { swaps } = decode(simpleSwap({ instructions: [take] }));
    expect(swaps).toMatchObject([{ protocol: "OpenBookV2", pool: "pool", amountIn: 1000n, amountOut: 500n }]);
  });

  it.each([
    ["place_order", 0x33c29baf6d82606an, 4, 41],
    ["edit_order", 0xfed0761dadf8c846n, 4, 57],
    ["place_order_pegged", 0x8db9fb3f4a55d291n, 4, 49],
    ["edit_order_pegged", 0x3ebb7d451add9d85n, 4, 65],
    ["place_orders", 0x3c3f327b0cc53cben, 5, 8],
    ["cancel_all_and_place_orders", 0x809bde3cba28e132n, 5, 8],
  ])("does not show what %s took, unless it is post-only", (name, discriminator, market, typeAt) => {
    const postOnly = new Set([2, 4]);
    for (const type of [0, 1, 2, 3, 4, 5]) {
      const { undecoded } = decode(orderOf(OPENBOOK, order(discriminator, typeAt, type), market));
      const told = [{ pool: "pool", reason: `${name} may have taken others' orders, and settles later` }];
      expect(undecoded.map(({ pool, reason }) => ({ pool, reason }))).toEqual(postOnly.has(type) ? [] : told);
    }
  });
});
