import { parseBlock, parseBlockText } from "@slipstream/solana/block";
import {
  type BuiltTransaction,
  builtBlock,
  call,
  raydiumSwap,
  SOL,
  simpleSwap,
  TOKEN,
  tip,
  transfer,
} from "@slipstream/testing/build-block";
import { fixtureText, realBlockName } from "@slipstream/testing/fixtures";
import { describe, expect, it } from "vitest";
import { type DecodedBlock, decodeBlock } from "./decode-block.ts";
import { swapEventJson } from "./swap-json.ts";

const decode = (...transactions: BuiltTransaction[]): DecodedBlock =>
  decodeBlock(parseBlock(builtBlock(...transactions)), 42);

describe("a Raydium v4 swap", () => {
  it("is decoded with its fees", () => {
    const { swaps, undecoded } = decode(simpleSwap({ signatures: ["sig", "cosigner"], fee: 12_345 }));
    expect(undecoded).toEqual([]);
    expect(swaps).toEqual([
      {
        id: "sig:0",
        slot: 42,
        blockTime: 1_700_000_000,
        txIndex: 0,
        eventIndex: 0,
        signature: "sig",
        signer: "trader",
        program: "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8",
        protocol: "RaydiumV4",
        fee: { total: 12_345n, base: 10_000n, priority: 2_345n },
        tipLamports: 0n,
        pool: "pool",
        payer: "owner of traderSol",
        recipient: "owner of traderToken",
        tokenIn: SOL,
        tokenOut: TOKEN,
        amountIn: 1000n,
        amountOut: 500n,
        reserves: { in: 10_000n, out: 5_000n },
      },
    ]);
  });

  it.each([
    [17, 9],
    [17, 11],
    [18, 9],
    [18, 11],
  ])("may have %i accounts with tag %i", (accounts, tag) => {
    const { swaps } = decode(simpleSwap({ instructions: [raydiumSwap({ accounts, tag })] }));
    expect(swaps).toHaveLength(1);
  });

  it("in the other direction returns the other token", () => {
    const { swaps } = decode(
      simpleSwap({
        inner: {
          0: [
            transfer("traderToken", "vaultToken", 70n, { checked: true }),
            transfer("vaultSol", "traderSol", 140n, { checked: true }),
          ],
        },
        balances: { vaultSol: [10_000n, 9_860n], vaultToken: [5_000n, 5_070n] },
      }),
    );
    expect(swaps).toMatchObject([{ tokenIn: TOKEN, tokenOut: SOL, amountIn: 70n, amountOut: 140n }]);
  });

  it("is found among inner instructions, whoever called it", () => {
    const { swaps } = decode(
      simpleSwap({
        instructions: [call("other"), call("router")],
        inner: {
          1: [
            raydiumSwap({ height: 2 }),
            transfer("traderSol", "vaultSol", 1000n, { height: 3 }),
            transfer("vaultToken", "traderToken", 500n, { height: 3 }),
            transfer("traderToken", "other", 20n, { height: 2 }),
          ],
        },
      }),
    );
    expect(swaps).toMatchObject([{ id: "sig:1.0", eventIndex: 2, program: "router", amountOut: 500n }]);
  });

  it.each([[3], [null]])("may share a pool and a transaction with others (inner depth %s)", (height) => {
    const outer = height === null ? null : 2;
    const { swaps } = decode(
      simpleSwap({
        instructions: [call("router")],
        inner: {
          0: [
            raydiumSwap({ height: outer }),
            transfer("traderSol", "vaultSol", 1000n, { height }),
            transfer("vaultToken", "traderToken", 500n, { height }),
            raydiumSwap({ height: outer }),
            transfer("traderToken", "vaultToken", 300n, { height }),
            transfer("vaultSol", "traderSol", 450n, { height }),
          ],
        },
        balances: { vaultSol: [10_000n, 10_550n], vaultToken: [5_000n, 4_800n] },
      }),
    );
    expect(swaps).toMatchObject([
      {
        id: "sig:0.0",
        tokenIn: SOL,
        amountIn: 1000n,
        amountOut: 500n,
        reserves: { in: 10_000n, out: 5_000n },
      },
      {
        id: "sig:0.3",
        tokenIn: TOKEN,
        amountIn: 300n,
        amountOut: 450n,
        reserves: { in: 4_500n, out: 11_000n },
      },
    ]);
  });

  it("is read from the vaults' balances if no transfer is listed", () => {
    const { swaps } = decode(simpleSwap({ inner: {} }));
    expect(swaps).toMatchObject([{ tokenIn: SOL, amountIn: 1000n, amountOut: 500n, reserves: undefined }]);
  });

  it("is not guessed", () => {
    const twice = simpleSwap({ instructions: [raydiumSwap(), raydiumSwap()], inner: {} });
    const still = simpleSwap({
      signatures: ["b"],
      inner: {},
      balances: { vaultSol: [1n, 1n], vaultToken: [1n, 1n] },
    });
    const unlisted = simpleSwap({ signatures: ["c"], inner: {}, balances: {} });
    const short = simpleSwap({ signatures: ["d"], instructions: [raydiumSwap({ accounts: 9 })] });
    const later = simpleSwap({ signatures: ["e"], instructions: [raydiumSwap({ tag: 18 })] });
    const few = simpleSwap({ signatures: ["f"], instructions: [raydiumSwap({ tag: 17, accounts: 7 })] });
    const { swaps, undecoded } = decode(twice, still, unlisted, short, later, few);
    expect(swaps).toEqual([]);
    expect(undecoded.map(({ id, reason }) => [id, reason])).toEqual([
      ["sig:0", expect.stringContaining("several swaps in one pool")],
      ["sig:1", expect.stringContaining("several swaps in one pool")],
      ["b:0", expect.stringContaining("neither a token transfer")],
      ["c:0", expect.stringContaining("not listed")],
      ["d:0", expect.stringContaining("17 or 18 accounts, this instruction has 9")],
      ["e:0", expect.stringContaining("unknown instruction tag 18")],
      ["f:0", expect.stringContaining("tag 17 needs at least 8 accounts, this instruction has 7")],
    ]);
  });

  it("is listed separately if it failed", () => {
    const decoded = decode(simpleSwap({ err: { InstructionError: [0, { Custom: 30 }] } }));
    expect(decoded).toMatchObject({
      swaps: [],
      failedTransactions: 1,
      attempted: [{ id: "sig:0", pool: "pool" }],
    });
  });

  it("keeps amounts too large for a double", () => {
    const huge = 2n ** 64n - 1n;
    const { swaps } = decode(
      simpleSwap({
        inner: { 0: [transfer("traderSol", "vaultSol", huge), transfer("vaultToken", "traderToken", huge)] },
        balances: { vaultSol: [0n, huge], vaultToken: [huge, 0n] },
      }),
    );
    expect(swaps[0]).toMatchObject({ amountIn: huge, amountOut: huge });
    expect(swaps[0] && swapEventJson(swaps[0])).toMatchObject({ amountIn: "18446744073709551615" });
  });

  it("carries the transaction's tip to Jito", () => {
    const { swaps } = decode(simpleSwap({ instructions: [raydiumSwap(), tip(700n), tip(11n)] }));
    expect(swaps[0]?.tipLamports).toBe(711n);
    expect(swaps[0] && swapEventJson(swaps[0])).toMatchObject({
      tipLamports: "711",
      payer: "owner of traderSol",
    });
    const failed = decode(simpleSwap({ instructions: [raydiumSwap(), tip(700n)], err: "failed" }));
    expect(failed.attempted[0]?.tipLamports).toBe(0n);
  });

  it("has no fee split if the fee is below the base fee", () => {
    expect(decode(simpleSwap({ fee: 10 })).swaps[0]?.fee).toBeUndefined();
  });
});

describe("other instructions", () => {
  it("of unknown programs are counted and named", () => {
    const { unknownPrograms, swaps } = decode({
      signatures: ["a"],
      instructions: [call("router"), call("other"), call("other"), raydiumSwap({ tag: 3 })],
    });
    expect(swaps).toEqual([]);
    expect(unknownPrograms).toEqual([
      { program: "other", name: undefined, instructions: 2, unread: 0 },
      { program: "router", name: undefined, instructions: 1, unread: 0 },
    ]);
  });

  it("with data that are not base58 are rejected if the data are read", () => {
    const bad = { ...raydiumSwap(), data: "0OIl" };
    expect(() => decode({ signatures: ["a"], instructions: [bad] })).toThrow(
      'transactions[0].transaction.message.instructions[0].data: expected base58, received "0OIl"',
    );
  });

  it("with a megabyte of data cost no more than others", () => {
    const long = { ...raydiumSwap(), data: "z".repeat(1 << 20) };
    expect(decode({ signatures: ["a"], instructions: [long] }).swaps).toEqual([]);
  });
});

const text = fixtureText(realBlockName);

describe.skipIf(text === undefined)("slot 285000037", () => {
  const block = parseBlockText(text ?? '{"transactions": []}');
  const decoded = decodeBlock(block, 285_000_037);
  const raydium = decodeBlock(block, 285_000_037, { protocols: ["RaydiumV4"] });

  it("contains 114 Raydium v4 swaps in 104 transactions", () => {
    expect(raydium).toMatchObject({ transactions: 557, failedTransactions: 99, undecoded: [] });
    expect(raydium.swaps).toHaveLength(114);
    expect(raydium.attempted).toHaveLength(8);
    expect(new Set(raydium.swaps.map(({ id }) => id)).size).toBe(114);
    const fees = new Map(raydium.swaps.map(({ signature, fee }) => [signature, fee?.priority ?? 0n]));
    expect(fees.size).toBe(104);
    expect([...fees.values()].reduce((sum, fee) => sum + fee, 0n)).toBe(15_709_255n);
    expect(decoded.swaps.filter(({ protocol }) => protocol === "RaydiumV4")).toEqual(raydium.swaps);
  });

  it("contains swaps of five more programs, and lists what else ran", () => {
    expect(decoded.undecoded).toEqual([]);
    expect(
      decoded.decodedPrograms.map(({ protocol, swaps, attempted, otherInstructions }) => [
        protocol,
        swaps,
        attempted,
        otherInstructions,
      ]),
    ).toEqual([
      ["RaydiumV4", 114, 8, 0],
      ["PumpFun", 12, 1, 12],
      ["RaydiumCLMM", 4, 1, 0],
      ["OrcaWhirlpool", 4, 7, 0],
      ["MeteoraDLMM", 3, 4, 7],
      ["Phoenix", 3, 2, 84],
      // Market makers' orders, which never take others'.
      ["OpenBookV2", 0, 0, 34],
    ]);
    expect(raydium.unknownPrograms).toHaveLength(decoded.unknownPrograms.length + 6);
    expect(decoded.unknownPrograms.find(({ name }) => name === "Jupiter v6")?.instructions).toBe(42);
  });

  it("is consistent: a pool's reserves before a swap are those after the previous one", () => {
    const left = new Map<string, bigint>();
    let compared = 0;
    for (const { pool, protocol, tokenIn, tokenOut, amountIn, amountOut, reserves } of decoded.swaps) {
      if (reserves === undefined) {
        expect(protocol).toBe("Phoenix");
        continue;
      }
      const before = [
        [`${pool} ${tokenIn}`, reserves.in, amountIn],
        [`${pool} ${tokenOut}`, reserves.out, -amountOut],
      ] as const;
      for (const [key, held, change] of before) {
        const expected = left.get(key);
        if (expected !== undefined) compared++;
        expect(held, key).toBe(expected ?? held);
        left.set(key, held + change);
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  it("contains swaps on bonding curves that follow from the program's events and that moved the curve's lamports", () => {
    const curves = decoded.swaps.filter(({ protocol }) => protocol === "PumpFun");
    for (const { amountIn, amountOut, reserves, id, pool, txIndex, tokenOut } of curves) {
      if (reserves === undefined) throw new Error("no reserves");
      const expected = (reserves.out * amountIn) / (reserves.in + amountIn);
      expect(Math.abs(Number(expected - amountOut)) / Number(amountOut), id).toBeLessThan(2e-7);
      const alone = curves.filter((other) => other.txIndex === txIndex).length === 1;
      const lamports = block.transactions[txIndex]?.lamports.get(pool);
      if (!alone || lamports === undefined) continue;
      expect(lamports.after - lamports.before, id).toBe(tokenOut.startsWith("So1") ? -amountOut : amountIn);
    }
    // One percent, according to the program's documentation at that time.
    const fees = curves.flatMap(({ feeIn, amountIn }) =>
      feeIn === undefined ? [] : [Number(feeIn) / Number(amountIn)],
    );
    expect(fees).toHaveLength(4);
    for (const fee of fees) expect(fee).toBeCloseTo(0.01, 6);
  });

  it("follows the pools' own arithmetic: constant product at 25 bps, reserves before each swap", () => {
    const errors = raydium.swaps
      .map(({ amountIn, amountOut, reserves }) => {
        if (reserves === undefined) return Number.POSITIVE_INFINITY;
        const net = amountIn * 9_975n;
        const expected = (reserves.out * net) / (reserves.in * 10_000n + net);
        return Math.abs(Number(expected - amountOut)) / Number(amountOut);
      })
      .sort((a, b) => a - b);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(1e-7);
    expect(errors[Math.floor(errors.length * 0.95)]).toBeLessThan(2e-4);
  });
});
