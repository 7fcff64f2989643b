import { base58 } from "@scure/base";
import { parseBlock, parseBlockText } from "@slipstream/solana/block";
import {
  type BuiltInstruction,
  type BuiltTransaction,
  builtBlock,
  call,
  keyIndex,
  lamportTransfer,
  raydiumSwap,
  simpleSwap,
  transfer,
} from "@slipstream/testing/build-block";
import { fixtureText, realBlockName } from "@slipstream/testing/fixtures";
import { describe, expect, it } from "vitest";
import { type DecodedBlock, decodeBlock } from "./decode-block.ts";

function decode(...transactions: BuiltTransaction[]): DecodedBlock {
  return decodeBlock(parseBlock(builtBlock(...transactions)), 42);
}

/** An instruction that no decoder knows, with what it called. */
function unknownCall(over: Partial<BuiltTransaction> = {}): BuiltTransaction {
  return simpleSwap({ instructions: [call("router")], ...over });
}

function callWith(program: string, accounts: readonly string[]): BuiltInstruction {
  return { ...call(program), accounts: accounts.map(keyIndex) };
}

/** A tag and an amount of 500. */
function tagged(tag: number): Uint8Array {
  const data = new Uint8Array(9);
  data[0] = tag;
  new DataView(data.buffer).setBigUint64(1, 500n, true);
  return data;
}

const toVault = transfer("traderSol", "vaultSol", 1000n);
const fromVault = transfer("vaultToken", "traderToken", 500n);

describe("a swap that no decoder knows", () => {
  it("shows in what it moved", () => {
    const { unread } = decode(unknownCall());
    expect(unread).toMatchObject([
      {
        id: "sig:0",
        program: "router",
        exchange: { amountIn: 1000n, amountOut: 500n },
        reason: "an instruction of router swapped, and is not decoded",
      },
    ]);
  });

  it("is none if both tokens go the same way: a deposit, a withdrawal", () => {
    const deposit = unknownCall({
      inner: { 0: [toVault, transfer("traderToken", "vaultToken", 500n)] },
      balances: {
        vaultSol: [0n, 1000n],
        vaultToken: [0n, 500n],
        traderSol: [1000n, 0n],
        traderToken: [500n, 0n],
      },
    });
    const withdrawal = unknownCall({
      signatures: ["w"],
      inner: { 0: [transfer("vaultSol", "traderSol", 1000n), fromVault] },
      balances: {
        vaultSol: [1000n, 0n],
        vaultToken: [500n, 0n],
        traderSol: [0n, 1000n],
        traderToken: [0n, 500n],
      },
    });
    expect(decode(deposit, withdrawal).unread).toEqual([]);
  });

  it("is none if it failed, or if it only led to swaps that are decoded", () => {
    const led = unknownCall({
      signatures: ["led"],
      inner: {
        0: [raydiumSwap({ height: 2 }), { ...toVault, stackHeight: 3 }, { ...fromVault, stackHeight: 3 }],
      },
    });
    const decoded = decode(unknownCall({ err: "failed" }), led);
    expect(decoded.unread).toEqual([]);
    expect(decoded.swaps).toHaveLength(1);
  });

  it("is seen beside one that is decoded", () => {
    const { swaps, unread } = decode(
      simpleSwap({
        instructions: [raydiumSwap(), call("router")],
        inner: {
          0: [toVault, fromVault],
          1: [transfer("traderToken", "vaultToken2", 500n), transfer("vaultSol2", "traderSol", 990n)],
        },
        balances: {
          vaultSol: [10_000n, 11_000n],
          vaultToken: [5_000n, 4_500n],
          vaultSol2: [10_000n, 9_010n],
          vaultToken2: [5_000n, 5_500n],
          traderSol: [1_000n, 990n],
          traderToken: [0n, 0n],
        },
      }),
    );
    expect(swaps.map(({ id }) => id)).toEqual(["sig:0"]);
    expect(unread).toMatchObject([{ id: "sig:1", exchange: { amountIn: 500n, amountOut: 990n } }]);
  });

  it("is seen though it takes lamports for tokens: a bonding curve", () => {
    const { unread } = decode(
      unknownCall({
        inner: { 0: [fromVault, lamportTransfer("trader", "authority", 700n)] },
        balances: { vaultToken: [5_000n, 4_500n], traderToken: [0n, 500n] },
        lamports: { authority: [0, 700] },
      }),
    );
    expect(unread).toMatchObject([{ exchange: { tokenIn: "lamports", amountIn: 700n, amountOut: 500n } }]);
  });

  it("is in the pools that its callers list, too: a helper need not list the pool", () => {
    const helped = unknownCall({
      instructions: [callWith("router", ["pool", "vaultSol", "vaultToken"])],
      inner: { 0: [call("other", 2), { ...toVault, stackHeight: 3 }, { ...fromVault, stackHeight: 3 }] },
    });
    const { unread } = decode(helped);
    expect(unread).toMatchObject([{ id: "sig:0.0", exchange: { amountIn: 1000n, amountOut: 500n } }]);
    expect(unread[0]?.accounts).toContain("pool");
  });

  it("is seen though a helper each takes and gives, as in pools that share vaults", () => {
    const helped = unknownCall({
      instructions: [callWith("router", ["pool"])],
      inner: {
        0: [
          call("other", 2),
          { ...toVault, stackHeight: 3 },
          call("other", 2),
          { ...fromVault, stackHeight: 3 },
        ],
      },
    });
    expect(decode(helped).unread).toMatchObject([
      { id: "sig:0", accounts: ["pool"], exchange: { amountIn: 1000n, amountOut: 500n } },
    ]);
  });

  it("may be in whatever moved two tokens of owners that the node does not name", () => {
    const block = builtBlock(unknownCall()) as {
      transactions: { meta: Record<string, { owner?: string }[]> }[];
    };
    for (const side of ["preTokenBalances", "postTokenBalances"])
      for (const balance of block.transactions[0]?.meta[side] ?? []) delete balance.owner;
    expect(decodeBlock(parseBlock(block), 42).unread).toMatchObject([{ id: "sig:0", exchange: undefined }]);
  });

  it.each([
    ["balances that no instruction changed", { inner: {} }, "what changed the balance of vaultSol"],
    [
      "transfers between accounts without balances",
      { balances: {} },
      "the balances of traderSol and vaultSol",
    ],
    [
      "an instruction without its caller",
      {
        inner: {
          0: [
            { ...toVault, stackHeight: 3 },
            { ...fromVault, stackHeight: 3 },
          ],
        },
      },
      "what called instruction 0.0",
    ],
  ])("may be hidden by %s", (_, over, missing) => {
    const { unread } = decode(simpleSwap({ instructions: [callWith("router", ["pool"])], ...over }));
    const hidden = unread.find(({ reason }) => reason === `the node did not record ${missing}`);
    expect(hidden?.accounts).toContain("pool");
  });

  it("is not hidden by minting, burning or wrapping tokens, nor by a fee that a mint withholds", () => {
    const burn = { ...transfer("vaultToken", "tokenMint", 500n), data: base58.encode(tagged(8)) };
    const { unread } = decode(
      unknownCall({ inner: { 0: [burn] }, balances: { vaultToken: [5_000n, 4_500n] } }),
    );
    expect(unread).toEqual([]);
  });

  it("is counted if all that is known of its transaction is that it is there", () => {
    const block = builtBlock(simpleSwap()) as { transactions: object[] };
    block.transactions = block.transactions.map((one) => ({ ...one, version: 2 }));
    const { unread, unknownPrograms } = decodeBlock(parseBlock(block), 42);
    expect(unread).toMatchObject([{ accounts: undefined }]);
    expect(unknownPrograms).toMatchObject([{ name: "transactions without their instructions", unread: 1 }]);
  });

  it("may be hidden by what the node did not record, in the accounts that the transaction names", () => {
    const block = builtBlock(simpleSwap()) as { transactions: { meta: { innerInstructions: unknown } }[] };
    const [transaction] = block.transactions;
    if (transaction !== undefined) transaction.meta.innerInstructions = null;
    const { swaps, undecoded, unread } = decodeBlock(parseBlock(block), 42);
    expect(swaps).toEqual([]);
    expect(undecoded).toMatchObject([
      { pool: "pool", reason: "the node did not record what it called (innerInstructions)" },
    ]);
    expect(unread[0]?.accounts).toContain("pool");
  });
});

const text = fixtureText(realBlockName);

describe.skipIf(text === undefined)("slot 285000037", () => {
  const block = parseBlockText(text ?? "null");

  it("shows every swap of six programs by what it moved alone", () => {
    const { swaps } = decodeBlock(block, 1);
    const { unread } = decodeBlock(block, 1, { protocols: [] });
    const seen = new Map(unread.map((one) => [one.id, one]));
    const missed = swaps.filter(
      ({ id, pool }) => !seen.get(id.replace(/\/\d+$/, ""))?.accounts?.includes(pool),
    );
    expect(swaps).toHaveLength(140);
    // But for transactions that bought and sold the same, so that nothing moved in the end: no leg of a sandwich.
    const left = missed.map(({ signature, tokenIn }) => `${signature} ${tokenIn}`);
    for (const { signature, tokenOut } of missed) expect(left).toContain(`${signature} ${tokenOut}`);
    expect(missed).toHaveLength(8);
  });

  it("holds no swap more", () => {
    expect(decodeBlock(block, 1).unread).toEqual([]);
  });
});
