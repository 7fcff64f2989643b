import { parseBlock } from "@slipstream/solana/block";
import {
  type BuiltTransaction,
  builtBlock,
  call,
  raydiumSwap,
  simpleSwap,
} from "@slipstream/testing/build-block";
import { describe, expect, it } from "vitest";
import { decodeBlock } from "../swaps/decode-block.ts";
import { slotSwaps } from "./slot-swaps.ts";

function told(own: readonly string[], ...transactions: BuiltTransaction[]): ReturnType<typeof slotSwaps> {
  const block = parseBlock(builtBlock(...transactions));
  return slotSwaps(decodeBlock(block, 44), { signatures: new Set(own) });
}

const elsewhere = (signature: string): BuiltTransaction =>
  simpleSwap({ signatures: [signature], instructions: [raydiumSwap({ pool: "pool2" })] });

describe("the part of a block that verdicts need", () => {
  it("consists of the swaps in the pools of the desk's trades, and of what their traders did elsewhere", () => {
    const slot = told(["own"], simpleSwap({ signatures: ["own"] }), elsewhere("arbitrage"));
    expect(slot).toMatchObject({ slot: 44, pools: ["pool"], searched: ["own"], skipped: [42, 43] });
    expect(slot.swaps.map(({ id }) => id)).toEqual(["own:0", "arbitrage:0"]);
    expect(told(["none"], elsewhere("other")).swaps).toEqual([]);
  });

  it("includes the desk's transactions that failed or that no decoder reads, with the programs they called", () => {
    const slot = told(["failed", "unread"], simpleSwap({ signatures: ["failed"], err: "x" }), {
      signatures: ["unread"],
      instructions: [call("router")],
    });
    expect(slot.attempted).toMatchObject([{ signature: "failed", pool: "pool" }]);
    expect(slot.others).toEqual([{ signature: "unread", failed: false, programs: ["router"], tips: [] }]);
  });

  it("requires the block's slot", () => {
    const block = parseBlock(builtBlock());
    const signatures = new Set<string>();
    expect(() => slotSwaps(decodeBlock(block, null), { signatures })).toThrow("needs the block's slot");
  });
});
