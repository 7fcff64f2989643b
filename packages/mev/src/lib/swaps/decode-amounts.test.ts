import { parseBlock } from "@slipstream/solana/block";
import {
  anchorInstruction,
  type BuiltInstruction,
  type BuiltTransaction,
  builtBlock,
  call,
  raydiumSwap,
  SOL,
  simpleSwap,
  TOKEN,
  transfer,
  transferWithFee,
} from "@slipstream/testing/build-block";
import { describe, expect, it } from "vitest";
import { meteoraDammV1 } from "../programs/meteora-damm-v1.ts";
import { orcaWhirlpool } from "../programs/orca-whirlpool.ts";
import { pumpAmm } from "../programs/pump-amm.ts";
import { raydiumClmm } from "../programs/raydium-clmm.ts";
import { type DecodedBlock, decodeBlock } from "./decode-block.ts";

const decode = (...transactions: BuiltTransaction[]): DecodedBlock =>
  decodeBlock(parseBlock(builtBlock(...transactions)), 42);

const pumpSell = anchorInstruction(pumpAmm.program, 0x33e685a4017f83adn, {
  0: "pool",
  7: "vaultToken",
  8: "vaultSol",
});

describe("what a swap moved", () => {
  it("includes fees that the pool paid out of its vault; the trader is the one who received most", () => {
    const { swaps } = decode(
      simpleSwap({
        instructions: [pumpSell],
        inner: {
          0: [
            transfer("traderToken", "vaultToken", 500n, { checked: true }),
            transfer("vaultSol", "feeAccountSol", 3n, { checked: true }),
            transfer("vaultSol", "traderSol", 900n, { checked: true }),
            transfer("vaultSol", "feeAccountSol", 2n, { checked: true }),
            anchorInstruction(pumpAmm.program, 0xe445a52e51cb9a1dn, {}, { height: 2, bytes: 300 }),
          ],
        },
        balances: {
          vaultSol: [10_000n, 9_095n],
          vaultToken: [5_000n, 5_500n],
          traderSol: [0n, 900n],
          traderToken: [500n, 0n],
          feeAccountSol: [0n, 5n],
        },
      }),
    );
    expect(swaps).toMatchObject([
      {
        protocol: "PumpAMM",
        tokenIn: TOKEN,
        amountIn: 500n,
        tokenOut: SOL,
        amountOut: 905n,
        payer: "owner of traderToken",
        recipient: "owner of traderSol",
        reserves: { in: 5_000n, out: 10_000n },
      },
    ]);
  });

  it("is the vault's share of a transfer whose instruction contains the fee", () => {
    const { swaps } = decode(
      simpleSwap({
        inner: {
          0: [
            transfer("traderSol", "vaultSol", 1000n),
            transferWithFee("vaultToken", "traderToken", 500n, 5n),
          ],
        },
      }),
      simpleSwap({
        signatures: ["second"],
        inner: {
          0: [
            transferWithFee("traderToken", "vaultToken", 500n, 5n),
            transfer("vaultSol", "traderSol", 990n),
          ],
        },
        balances: { vaultSol: [11_000n, 10_010n], vaultToken: [4_500n, 4_995n] },
      }),
    );
    expect(swaps).toMatchObject([
      { amountIn: 1000n, amountOut: 500n, feeOut: 5n },
      { amountIn: 495n, feeIn: 5n, amountOut: 990n, reserves: { in: 4_500n, out: 11_000n } },
    ]);
  });

  it("comes from the balances if a mint withholds a fee that no instruction contains", () => {
    const inner = {
      0: [transfer("traderToken", "vaultToken", 500n), transfer("vaultSol", "traderSol", 990n)],
    };
    const balances = { vaultSol: [11_000n, 10_010n], vaultToken: [4_500n, 4_980n] } as const;
    const { swaps } = decode(simpleSwap({ inner, balances }));
    expect(swaps).toMatchObject([{ amountIn: 480n, feeIn: 20n, amountOut: 990n, reserves: undefined }]);
    const deposit = transfer("traderToken", "vaultToken", 7n, { height: 1 });
    const { undecoded } = decode(simpleSwap({ instructions: [raydiumSwap(), deposit], inner, balances }));
    expect(undecoded).toMatchObject([{ reason: expect.stringContaining("something else moved the vaults") }]);
  });

  it("is not a swap if both vaults received", () => {
    const { swaps, undecoded } = decode(
      simpleSwap({
        inner: {
          0: [transfer("traderSol", "vaultSol", 10n), transfer("traderToken", "vaultToken", 5n)],
        },
        balances: { vaultSol: [10_000n, 10_010n], vaultToken: [5_000n, 5_005n] },
      }),
    );
    expect(swaps).toEqual([]);
    expect(undecoded).toMatchObject([{ reason: expect.stringContaining("do not go into one vault") }]);
  });

  it("comes only from the transfers, not from balances, if several pools share a vault", () => {
    const swap = anchorInstruction(meteoraDammV1.program, 0xf8c69e91e17587c8n, {
      0: "pool",
      5: "vaultSol",
      6: "vaultToken",
    });
    const inner = [
      transfer("traderSol", "feeAccountSol", 3n),
      transfer("traderSol", "vaultSol", 997n, { height: 3 }),
      transfer("vaultToken", "traderToken", 500n, { height: 3 }),
    ];
    const { swaps } = decode(
      simpleSwap({
        instructions: [swap],
        inner: { 0: inner },
        balances: {
          vaultSol: [10_000n, 10_997n],
          vaultToken: [5_000n, 4_500n],
        },
      }),
    );
    expect(swaps).toMatchObject([
      { protocol: "MeteoraDAMMv1", amountIn: 997n, feeIn: 3n, amountOut: 500n, reserves: undefined },
    ]);
    const { undecoded } = decode(simpleSwap({ instructions: [swap], inner: {} }));
    expect(undecoded).toMatchObject([{ pool: "pool", reason: expect.stringContaining("vaults are shared") }]);
  });

  it.each([[3], [null]])("in one instruction over two pools is known for each (inner depth %s)", (height) => {
    const twoHops = anchorInstruction(
      orcaWhirlpool.program,
      0xba8fd11dfe02c275n,
      { 0: "pool", 1: "pool2", 9: "vaultSol", 10: "vaultToken", 11: "vaultToken2", 12: "vaultSol2" },
      { height: height === null ? null : 2 },
    );
    const { swaps } = decode(
      simpleSwap({
        instructions: [call("router")],
        inner: {
          0: [
            twoHops,
            transfer("traderSol", "vaultSol", 1000n, { height, checked: true }),
            transfer("vaultToken", "vaultToken2", 500n, { height, checked: true }),
            anchorInstruction(orcaWhirlpool.program, 0xe445a52e51cb9a1dn, {}, { height }),
            transfer("vaultSol2", "traderSol", 1010n, { height, checked: true }),
          ],
        },
        balances: {
          vaultSol: [10_000n, 11_000n],
          vaultToken: [5_000n, 4_500n],
          vaultSol2: [20_000n, 18_990n],
          vaultToken2: [9_000n, 9_500n],
        },
      }),
    );
    expect(swaps).toMatchObject([
      { id: "sig:0.0", eventIndex: 1, pool: "pool", tokenIn: SOL, amountIn: 1000n, amountOut: 500n },
      { id: "sig:0.0/2", eventIndex: 2, pool: "pool2", tokenIn: TOKEN, amountIn: 500n, amountOut: 1010n },
    ]);
  });
});

describe("Raydium CLMM's swap_router_base_in", () => {
  const route = (events: boolean, ...moved: BuiltInstruction[]): BuiltTransaction => {
    const from = events ? 8 : 6;
    const instruction = anchorInstruction(raydiumClmm.program, 0x457d73daf5baf2c4n, {
      1: "traderSol",
      ...(events ? { 7: raydiumClmm.program } : {}),
      [from + 1]: "pool",
      [from + 2]: "traderToken",
      [from + 3]: "vaultSol",
      [from + 4]: "vaultToken",
      // Two tick arrays, then the next pool.
      [from + 10]: "pool2",
      [from + 11]: "traderSol",
      [from + 12]: "vaultToken2",
      [from + 13]: "vaultSol2",
      [from + 15]: "other",
    });
    return simpleSwap({
      instructions: [instruction],
      inner: { 0: moved },
      balances: {
        vaultSol: [10_000n, 11_000n],
        vaultToken: [5_000n, 4_500n],
        vaultSol2: [20_000n, 18_990n],
        vaultToken2: [9_000n, 9_500n],
      },
    });
  };
  const first = [transfer("traderSol", "vaultSol", 1000n), transfer("vaultToken", "traderToken", 500n)];
  const second = [transfer("traderToken", "vaultToken2", 500n), transfer("vaultSol2", "traderSol", 1010n)];

  it.each([[false], [true]])(
    "is a swap in each of its pools, found from the transfers (events: %s)",
    (events) => {
      const { swaps, undecoded } = decode(route(events, ...first, ...second));
      expect(undecoded).toEqual([]);
      expect(swaps).toMatchObject([
        { id: "sig:0", pool: "pool", tokenIn: SOL, amountIn: 1000n, amountOut: 500n },
        { id: "sig:0/2", pool: "pool2", tokenIn: TOKEN, amountIn: 500n, amountOut: 1010n },
      ]);
    },
  );

  it("is undecoded if the transfers do not match its pools", () => {
    for (const moved of [[], first.slice(1), [...first, transfer("traderToken", "other", 1n)]]) {
      const { swaps, undecoded } = decode(route(false, ...moved));
      expect(swaps).toEqual([]);
      expect(undecoded).toMatchObject([
        { pool: "pool", reason: expect.stringContaining("one token transfer into and one out") },
      ]);
    }
  });

  it("is an attempt in its first pool if it failed", () => {
    const { attempted } = decode({ ...route(false), err: "failed" });
    expect(attempted).toMatchObject([{ pool: "pool" }]);
  });
});

describe("a program's other instructions", () => {
  it("are counted, and so are swaps that cannot be read", () => {
    const short = anchorInstruction(pumpAmm.program, 0x33e685a4017f83adn, { 0: "pool" });
    const other = anchorInstruction(pumpAmm.program, 0xf223c68952e1f2b6n, { 0: "pool" });
    const { decodedPrograms, undecoded, unknownPrograms } = decode(
      { signatures: ["a"], instructions: [short, other, call("router")] },
      { signatures: ["b"], instructions: [pumpSell], err: "failed" },
    );
    expect(undecoded).toMatchObject([
      { id: "a:0", pool: "pool", reason: "sell needs at least 9 accounts, this instruction has 1" },
    ]);
    expect(decodedPrograms).toMatchObject([
      { protocol: "PumpAMM", swaps: 0, undecoded: 1, attempted: 1, otherInstructions: 1 },
    ]);
    expect(unknownPrograms).toMatchObject([{ program: "router", instructions: 1 }]);
  });

  it("of protocols that were not requested belong to unknown programs, with their name", () => {
    const block = parseBlock(builtBlock({ signatures: ["a"], instructions: [pumpSell] }));
    const { unknownPrograms, decodedPrograms } = decodeBlock(block, 1, { protocols: ["RaydiumV4"] });
    expect(decodedPrograms).toEqual([]);
    expect(unknownPrograms).toMatchObject([{ name: "Pump AMM", instructions: 1 }]);
  });
});
