import { parseBlock } from "@slipstream/solana/block";
import { type BuiltTransaction, builtBlock, call, simpleSwap, tip } from "@slipstream/testing/build-block";
import { describe, expect, it } from "vitest";
import { decodeBlock } from "../swaps/decode-block.ts";
import { slotSwaps } from "./slot-swaps.ts";

const swap = (signature: string, over: Partial<BuiltTransaction> = {}): BuiltTransaction =>
  simpleSwap({ signatures: [signature], ...over });
const tips = (
  signature: string,
  lamports: bigint,
  over: Partial<BuiltTransaction> = {},
): BuiltTransaction => ({
  signatures: [signature],
  instructions: [tip(lamports)],
  ...over,
});

/** Tips of the desk's transactions in a block, by signature. */
function tipsOf(own: readonly string[], ...transactions: BuiltTransaction[]): object {
  const block = parseBlock(builtBlock(...transactions));
  const slot = slotSwaps(decodeBlock(block, 44), { signatures: new Set(own) });
  const places = [...slot.swaps, ...slot.attempted, ...slot.others];
  return Object.fromEntries(places.map(({ signature, tips }) => [signature, tips]));
}

const beside = (lamports: bigint, transaction: string) => [{ service: "jito", lamports, transaction }];

describe("tips of the desk's transactions", () => {
  it("are those in the transaction itself, also if no pool of it is known", () => {
    expect(tipsOf(["own"], tips("own", 7n))).toEqual({ own: [{ service: "jito", lamports: 7n }] });
    expect(tipsOf(["own"], { signatures: ["own"], instructions: [call("router")] })).toEqual({ own: [] });
    expect(tipsOf(["own"], swap("own"))).toEqual({ own: undefined });
  });

  it("may be in the transaction next to it, as in a bundle", () => {
    expect(tipsOf(["own"], swap("own"), tips("tip", 7n))).toEqual({ own: beside(7n, "tip") });
    expect(tipsOf(["own"], tips("tip", 7n), swap("own"))).toEqual({ own: beside(7n, "tip") });
  });

  it("belong to one trade", () => {
    const own = tipsOf(["a", "b"], swap("a"), tips("tip", 7n), swap("b"));
    expect(own).toEqual({ a: beside(7n, "tip"), b: undefined });
  });

  it.each<[string, BuiltTransaction[]]>([
    ["it failed", [swap("own"), tips("tip", 7n, { err: "x" })]],
    ["the payer has another transaction between", [swap("own"), swap("else"), tips("tip", 7n)]],
    [
      "it belongs to another swap",
      [swap("own"), { ...swap("tip"), instructions: [...swap("tip").instructions, tip(7n)] }],
    ],
    ["the trade failed, which a bundle does not let happen", [swap("own", { err: "x" }), tips("tip", 7n)]],
  ])("are not in the transaction next to it if %s", (_, transactions) => {
    expect(tipsOf(["own"], ...transactions)).toMatchObject({ own: undefined });
  });
});
