import { encodeBase58 } from "@slipstream/solana";
import { transferData } from "@slipstream/testing/build-transaction";
import { expect, test } from "vitest";
import { readAnswer } from "../read-answer.ts";
import { readRequest } from "../read-request.ts";
import { base64, hosts, key, SOL, signature, swapDraft, trader, USDC } from "../testing/transactions.ts";

const call = (method: string, params: unknown[] = []) =>
  readRequest(
    {
      method: "POST",
      url: "https://node.example/",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    },
    hosts,
  );
const facts = (method: string, params: unknown[], answer: object) =>
  readAnswer(call(method, params), { status: 200, body: { jsonrpc: "2.0", id: 1, ...answer } })[0]?.facts;
const withContext = (value: unknown) => ({ result: { context: { slot: 371_000_010 }, value } });

test("sendTransaction has what it sends, never its bytes", () => {
  const text = base64(swapDraft());
  const calls = call("sendTransaction", [text, { encoding: "base64", preflightCommitment: "processed" }]);
  expect(calls).toMatchObject([
    {
      span: "solana.submit",
      commitment: "processed",
      transaction: {
        signature: signature(9),
        feePayer: trader,
        priorityFeeLamports: 7_000,
        computeUnitLimit: 140_000,
        tips: [{ service: "jito", lamports: 200_000 }],
        swapPrograms: ["JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4"],
      },
    },
  ]);
  expect(JSON.stringify(calls)).not.toContain(text.slice(100, 140));
  expect(facts("sendTransaction", [text, { encoding: "base64" }], { result: signature(9) })).toEqual([
    { kind: "accepted", signature: signature(9) },
  ]);
});

test.each([
  [{ code: -32_002, data: { err: { InstructionError: [3, { Custom: 6001 }] } } }, "slippage", true],
  [{ code: -32_002, data: { err: { InstructionError: [3, { Custom: 6009 }] } } }, "simulation", true],
  [{ code: -32_002, data: { err: "BlockhashNotFound" } }, "expired", true],
  [{ code: -32_002, data: { err: "InsufficientFundsForFee" } }, "insufficient_funds", true],
  [{ code: -32_003 }, "rejected", true],
  [{ code: -32_603 }, "rejected", false],
])("%j: refused because of %s", (error, reason, isCertain) => {
  const sent = [base64(swapDraft()), { encoding: "base64" }];
  expect(facts("sendTransaction", sent, { error: { message: "text", ...error } })).toEqual([
    { kind: "refused", reason, isCertain },
  ]);
});

test("a resend that was processed already is no failure", () => {
  const error = { code: -32_002, message: "text", data: { err: "AlreadyProcessed" } };
  expect(facts("sendTransaction", [base64(swapDraft()), { encoding: "base64" }], { error })).toEqual([
    { kind: "accepted", signature: signature(9) },
  ]);
});

test("statuses keep their places; a reverted transaction has its reason", () => {
  const value = [
    null,
    { slot: 371_000_004, confirmations: 3, err: null, confirmationStatus: "confirmed" },
    {
      slot: 371_000_005,
      confirmations: 3,
      err: { InstructionError: [3, { Custom: 6001 }] },
      confirmationStatus: "processed",
    },
  ];
  expect(
    facts("getSignatureStatuses", [[signature(1), signature(2), signature(3)]], withContext(value)),
  ).toEqual([
    { kind: "missing", signature: signature(1) },
    {
      kind: "status",
      signature: signature(2),
      slot: 371_000_004,
      commitment: "confirmed",
      failed: false,
      reason: undefined,
    },
    {
      kind: "status",
      signature: signature(3),
      slot: 371_000_005,
      commitment: "processed",
      failed: true,
      reason: "slippage",
    },
  ]);
});

test("a blockhash says until which height it holds, and how high the chain is; numbers may be bigints", () => {
  expect(
    facts("getLatestBlockhash", [], withContext({ blockhash: key(2), lastValidBlockHeight: 350_000_150n })),
  ).toEqual([
    { kind: "blockhash", blockhash: key(2), lastValidHeight: 350_000_150 },
    { kind: "height", height: 350_000_000 },
  ]);
  expect(facts("getBlockHeight", [], { result: 350_000_001 })).toEqual([
    { kind: "height", height: 350_000_001 },
  ]);
  expect(facts("getEpochInfo", [], { result: { blockHeight: 350_000_002n } })).toEqual([
    { kind: "height", height: 350_000_002 },
  ]);
});

/** The trader buys SOL: 1.6 SOL come, less 12,000 of fees and a tip of 200,000; rent of 2,039,280 goes into a new token account. */
function transactionAnswer(encoding: "json" | "jsonParsed") {
  const keys = [trader, key(20), key(21), key(22), "11111111111111111111111111111111"];
  const token = (accountIndex: number, mint: string, amount: string) => ({
    accountIndex,
    mint,
    owner: trader,
    uiTokenAmount: { amount, decimals: 6 },
  });
  const tip =
    encoding === "json"
      ? { programIdIndex: 4, accounts: [0, 3], data: encodeBase58(transferData(200_000n)) }
      : {
          program: "system",
          parsed: { type: "transfer", info: { source: trader, destination: key(22), lamports: 200_000 } },
        };
  return {
    slot: 371_000_004,
    blockTime: 1_780_000_000,
    version: 0,
    transaction: {
      signatures: [signature(9)],
      message: {
        accountKeys:
          encoding === "json" ? keys : keys.map((pubkey) => ({ pubkey, signer: pubkey === trader })),
        instructions: [tip],
      },
    },
    meta: {
      err: null,
      fee: 12_000,
      preBalances: [5_000_000_000, 2_039_280, 0, 1_000_000, 1],
      postBalances: [
        5_000_000_000 + 1_600_000_000 - 12_000 - 200_000 - 2_039_280,
        2_039_280,
        2_039_280,
        1_200_000,
        1,
      ],
      preTokenBalances: [token(1, USDC, "250000000")],
      postTokenBalances: [token(1, USDC, "0"), token(2, key(30), "77")],
    },
  };
}

test.each(["json", "jsonParsed"] as const)(
  "%s: fees, tips and rent are no part of what a swap gained",
  (encoding) => {
    const found = facts("getTransaction", [signature(9), { commitment: "confirmed" }], {
      result: transactionAnswer(encoding),
    });
    expect(found).toMatchObject([
      { kind: "status", commitment: "confirmed", slot: 371_000_004, failed: false },
      { kind: "realised", fee: 12_000, signatures: 1 },
    ]);
    const [, realised] = found ?? [];
    const gains = realised?.kind === "realised" ? realised.gains : [];
    expect(gains).toContainEqual({ owner: trader, mint: SOL, atoms: 1_600_000_000n });
    expect(gains).toContainEqual({ owner: trader, mint: USDC, atoms: -250_000_000n });
    expect(gains).toHaveLength(3);
  },
);

test("a transaction that the node does not have yet is missing", () => {
  expect(facts("getTransaction", [signature(9)], { result: null })).toEqual([
    { kind: "missing", signature: signature(9) },
  ]);
});

test("a long answer is not parsed, but its slot is read", () => {
  const calls = call("getProgramAccounts", [key(3), { withContext: true }]);
  const text = `{"jsonrpc":"2.0","result":{"context":{"apiVersion":"3.0.1","slot":371000011},"value":"${"x".repeat(300_000)}"},"id":1}`;
  expect(readAnswer(calls, { status: 200, body: text })).toMatchObject([{ ok: true, slot: 371_000_011 }]);
});
