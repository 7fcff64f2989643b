import { parseBlock } from "@slipstream/solana/block";
import {
  anchorInstruction,
  type BuiltTransaction,
  builtBlock,
  lamportTransfer,
  SOL,
  transfer,
} from "@slipstream/testing/build-block";
import { expect, it } from "vitest";
import { type DecodedBlock, decodeBlock } from "../swaps/decode-block.ts";
import { moonshot } from "./moonshot.ts";

const decode = (...transactions: BuiltTransaction[]): DecodedBlock =>
  decodeBlock(parseBlock(builtBlock(...transactions)), 42);

const accounts = {
  0: "trader",
  1: "traderToken",
  2: "pool",
  3: "vaultToken",
  4: "feeAccountSol",
  5: "other",
  6: "tokenMint",
};
const buy = anchorInstruction(moonshot.program, 0x66063d1201daebean, accounts);
const sell = anchorInstruction(moonshot.program, 0x33e685a4017f83adn, accounts);

const bought: BuiltTransaction = {
  signatures: ["buy"],
  instructions: [buy],
  inner: {
    0: [
      lamportTransfer("trader", "pool", 990n),
      lamportTransfer("trader", "feeAccountSol", 6n),
      lamportTransfer("trader", "other", 4n),
      transfer("vaultToken", "traderToken", 500n),
    ],
  },
  balances: { vaultToken: [5_000n, 4_500n], traderToken: [0n, 500n] },
  lamports: { pool: [100, 1_090], feeAccountSol: [0, 6], other: [0, 4] },
};

it("a purchase on a curve pays the lamports that were sent to it, with both fees on top", () => {
  const { swaps, undecoded } = decode(bought);
  expect(undecoded).toEqual([]);
  expect(swaps).toMatchObject([
    {
      protocol: "Moonshot",
      pool: "pool",
      tokenIn: SOL,
      tokenOut: "tokenMint",
      amountIn: 990n,
      amountOut: 500n,
      feeIn: 10n,
      payer: "trader",
      recipient: "owner of traderToken",
    },
  ]);
});

it("a sale returns the lamports that the curve lost, of which both fees are a part", () => {
  const { swaps } = decode({
    signatures: ["sell"],
    instructions: [sell],
    inner: { 0: [transfer("traderToken", "vaultToken", 70n)] },
    balances: { vaultToken: [5_000n, 5_070n], traderToken: [70n, 0n] },
    lamports: { pool: [2_000, 1_861], feeAccountSol: [0, 2], other: [0, 1] },
  });
  expect(swaps).toMatchObject([
    { tokenIn: "tokenMint", tokenOut: SOL, amountIn: 70n, amountOut: 139n, feeOut: 3n, recipient: "trader" },
  ]);
});

it("a trade whose lamports do not show is undecoded, in its pool", () => {
  const { swaps, undecoded } = decode({
    ...bought,
    inner: { 0: [transfer("vaultToken", "traderToken", 500n)] },
  });
  expect(swaps).toEqual([]);
  expect(undecoded).toMatchObject([
    { pool: "pool", reason: expect.stringContaining("neither an event nor a lamport") },
  ]);
  const short = anchorInstruction(moonshot.program, 0x66063d1201daebean, { 0: "trader" });
  expect(decode({ signatures: ["a"], instructions: [short] }).undecoded).toMatchObject([
    { pool: null, reason: "buy needs at least 7 accounts, this instruction has 1" },
  ]);
});
