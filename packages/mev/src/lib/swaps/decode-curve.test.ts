import { parseBlock } from "@slipstream/solana/block";
import {
  anchorInstruction,
  type BuiltInstruction,
  type BuiltTransaction,
  builtBlock,
  lamportTransfer,
  SOL,
  TOKEN,
  transfer,
} from "@slipstream/testing/build-block";
import { describe, expect, it } from "vitest";
import { pumpFun } from "../programs/pump-fun.ts";
import { replayLoss } from "../replay/loss.ts";
import { pumpTradeEvent } from "../testing/pump-event.ts";
import { type DecodedBlock, decodeBlock } from "./decode-block.ts";

const decode = (...transactions: BuiltTransaction[]): DecodedBlock =>
  decodeBlock(parseBlock(builtBlock(...transactions)), 42);

const accounts = {
  1: "feeAccountSol",
  2: "tokenMint",
  3: "pool",
  4: "vaultToken",
  5: "traderToken",
  6: "trader",
};
const buyInstruction = anchorInstruction(pumpFun.program, 0x66063d1201daebean, accounts);
const sellInstruction = anchorInstruction(pumpFun.program, 0x33e685a4017f83adn, accounts);

/** A curve with its own arithmetic: payments are rounded up, receipts down, fees come on top. */
class Curve {
  sol = 30_000_000_000n;
  token = 1_073_000_000_000_000n;
  #vault = 1_000_000_000_000_000n;
  #number = 0;

  buy(signer: string, tokens: bigint, clean = true): BuiltTransaction {
    const sol = (tokens * this.sol) / (this.token - tokens) + 1n;
    return this.#trade(signer, true, sol, tokens, clean);
  }

  sell(signer: string, tokens: bigint, clean = true): BuiltTransaction {
    const sol = (tokens * this.sol) / (this.token + tokens);
    return this.#trade(signer, false, sol, tokens, clean);
  }

  #trade(signer: string, isBuy: boolean, sol: bigint, token: bigint, hasEvent: boolean): BuiltTransaction {
    const before = this.#vault;
    this.sol += isBuy ? sol : -sol;
    this.token += isBuy ? -token : token;
    this.#vault += isBuy ? -token : token;
    const fee = (sol * 95n + 9_999n) / 10_000n;
    const creatorFee = (sol * 30n + 9_999n) / 10_000n;
    const fields = { isBuy, sol, token, virtualSol: this.sol, virtualToken: this.token, fee, creatorFee };
    const event = hasEvent ? [pumpTradeEvent(fields)] : [];
    const inner = isBuy
      ? [
          transfer("vaultToken", "traderToken", token),
          lamportTransfer("trader", "other", fee),
          lamportTransfer("trader", "pool", sol),
          ...event,
        ]
      : [transfer("traderToken", "vaultToken", token), ...event];
    return {
      signatures: [`${signer}${this.#number++}`],
      instructions: [isBuy ? buyInstruction : sellInstruction],
      inner: { 0: inner },
      balances: { vaultToken: [before, this.#vault], traderToken: isBuy ? [0n, token] : [token, 0n] },
      lamports: { pool: [5_000_000_000, 5_000_000_000 + (isBuy ? Number(sol) : -Number(sol))] },
    };
  }
}

/** The event of a sale of 7 for 50, without fees. */
const freeSale = {
  isBuy: false,
  sol: 50n,
  token: 7n,
  virtualSol: 1n,
  virtualToken: 2n,
  fee: 0n,
  creatorFee: 0n,
};

describe("a swap on a bonding curve", () => {
  it("pays lamports as reported by the program's event, with fees on top; the curve's reserves are known too", () => {
    const curve = new Curve();
    const { swaps, undecoded } = decode(curve.buy("a", 10n ** 13n), curve.sell("b", 10n ** 13n));
    expect(undecoded).toEqual([]);
    const paid = (10n ** 13n * 30_000_000_000n) / (1_073n * 10n ** 12n - 10n ** 13n) + 1n;
    const got = paid - 1n;
    expect(swaps).toMatchObject([
      {
        protocol: "PumpFun",
        pool: "pool",
        tokenIn: SOL,
        tokenOut: "tokenMint",
        amountIn: paid,
        amountOut: 10n ** 13n,
        feeIn: (paid * 95n + 9_999n) / 10_000n + (paid * 30n + 9_999n) / 10_000n,
        payer: "trader",
        recipient: "owner of traderToken",
        reserves: { in: 30_000_000_000n, out: 1_073_000_000_000_000n },
      },
      { tokenIn: "tokenMint", tokenOut: SOL, amountOut: got, recipient: "trader" },
    ]);
    expect(swaps[1]?.feeOut).toBeGreaterThan(0n);
    expect(swaps[1]?.reserves).toEqual({ in: 1_063n * 10n ** 12n, out: 30_000_000_000n + paid });
  });

  it("without an event is read from the lamports sent to the curve, or missing from it", () => {
    const curve = new Curve();
    const { swaps } = decode(curve.buy("a", 10n ** 13n, false), curve.sell("b", 10n ** 12n, false));
    const told = new Curve();
    const { swaps: same } = decode(told.buy("a", 10n ** 13n), told.sell("b", 10n ** 12n));
    expect(swaps.map(({ amountIn, amountOut, reserves }) => [amountIn, amountOut, reserves])).toEqual(
      same.map(({ amountIn, amountOut }) => [amountIn, amountOut, undefined]),
    );
    expect(swaps.map(({ feeIn, feeOut }) => [feeIn, feeOut])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it("with the first version of the event paid in fees what the fee recipient gained", () => {
    const event = pumpTradeEvent(freeSale, true);
    const built = sale([transfer("traderToken", "vaultToken", 7n), event]);
    const [swap] = decode({ ...built, lamports: { feeAccountSol: [10, 14] } }).swaps;
    expect(swap).toMatchObject({ amountIn: 7n, amountOut: 50n, feeOut: 4n });
    expect(swap?.reserves).toBeUndefined();
    expect(decode(built).swaps[0]?.feeOut).toBeUndefined();
  });

  it.each([
    ["an event with other amounts", [transfer("traderToken", "vaultToken", 8n)], true, "disagree"],
    ["no token transfer", [], true, "no token transfer"],
    [
      "neither an event nor a lamport transfer",
      [transfer("traderToken", "vaultToken", 7n)],
      false,
      "neither an event nor a lamport transfer",
    ],
  ])("with %s is listed as undecoded", (_, inner, hasEvent, reason) => {
    const { swaps, undecoded } = decode(sale([...inner, ...(hasEvent ? [pumpTradeEvent(freeSale)] : [])]));
    expect(swaps).toEqual([]);
    expect(undecoded).toMatchObject([{ pool: "pool", reason: expect.stringContaining(reason) }]);
  });

  it("for a token is a swap of two vaults, whose balances are not what the curve trades against", () => {
    const second = anchorInstruction(pumpFun.program, 0xb817ee6167c5d33dn, {
      1: "tokenMint",
      2: "other",
      10: "pool",
      11: "vaultToken",
      12: "vaultSol",
      13: "trader",
    });
    const inner = [
      transfer("traderSol", "vaultSol", 100n),
      transfer("traderSol", "feeAccountSol", 2n),
      transfer("vaultToken", "traderToken", 900n),
    ];
    const balances = { vaultSol: [5n, 105n], vaultToken: [9_000n, 8_100n] } as const;
    const { swaps } = decode({ signatures: ["a"], instructions: [second], inner: { 0: inner }, balances });
    expect(swaps).toMatchObject([
      { tokenIn: SOL, tokenOut: TOKEN, amountIn: 100n, feeIn: 2n, amountOut: 900n },
    ]);
    expect(swaps[0]?.reserves).toBeUndefined();
  });

  it("of lamports uses wrapped SOL's mint in the v2 instructions too", () => {
    const second = anchorInstruction(pumpFun.program, 0x5df6823ce7e940b2n, {
      1: "tokenMint",
      2: SOL,
      6: "feeAccountSol",
      10: "pool",
      11: "vaultToken",
      12: "vaultSol",
      13: "trader",
    });
    const fields = {
      isBuy: false,
      sol: 50n,
      token: 7n,
      virtualSol: 1n,
      virtualToken: 2n,
      fee: 1n,
      creatorFee: 2n,
    };
    const inner = [transfer("traderToken", "vaultToken", 7n), pumpTradeEvent(fields)];
    const { swaps } = decode({ ...sale(inner), instructions: [second] });
    expect(swaps).toMatchObject([{ tokenOut: SOL, amountOut: 50n, feeOut: 3n }]);
  });

  it("between an attacker's legs is replayed to the atom", () => {
    const [curve, alone] = [new Curve(), new Curve()];
    const { swaps } = decode(
      curve.buy("attacker", 3n * 10n ** 13n),
      curve.buy("victim", 10n ** 13n),
      curve.sell("attacker", 3n * 10n ** 13n),
    );
    alone.buy("victim", 10n ** 13n);
    const ids = swaps.map(({ id }) => id);
    const loss = replayLoss(swaps, new Set([ids[0] ?? "", ids[2] ?? ""]), new Set([ids[1] ?? ""]));
    if (typeof loss === "string") throw new Error(loss);
    // What the same lamports would have bought from the curve as it was before.
    const paid = swaps[1]?.amountIn ?? 0n;
    const due = (paid * 1_073_000_000_000_000n) / (30_000_000_000n + paid);
    expect(Number(loss.total.atoms)).toBeCloseTo(Number(due - 10n ** 13n), -6);
    expect(loss.total.residual).toBeLessThan(1e-8);
    expect([loss.state, loss.fee]).toEqual(["reserves given", "none on the curve itself (PumpFun)"]);
  });
});

function sale(inner: readonly BuiltInstruction[]): BuiltTransaction {
  return {
    signatures: ["a"],
    instructions: [sellInstruction],
    inner: { 0: [...inner] },
    balances: { vaultToken: [100n, 107n] },
  };
}
