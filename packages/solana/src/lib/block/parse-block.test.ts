import { builtBlock, builtTransaction, simpleSwap } from "@slipstream/testing/build-block";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BlockError } from "./block-error.ts";
import { parseBlock, parseBlockText } from "./parse-block.ts";

/** The block with one value replaced; `path` is written as in messages. */
function broken(path: string, value: unknown): unknown {
  const block = structuredClone(builtBlock(simpleSwap(), simpleSwap({ signatures: ["second"] })));
  const steps = path.split(/[.[\]]+/).filter((step) => step !== "");
  const last = steps.pop() ?? "";
  let target: unknown = block;
  for (const step of steps) target = (target as Record<string, unknown>)[step];
  (target as Record<string, unknown>)[last] = value;
  return block;
}

describe("a block", () => {
  it("knows its leader by who received the fees, and which slots before it were skipped", () => {
    const rewards = [
      { pubkey: "voter", rewardType: "Voting" },
      { pubkey: "leader", rewardType: "Fee" },
    ];
    expect(parseBlock({ ...builtBlock(simpleSwap()), rewards })).toMatchObject({
      leader: "leader",
      parentSlot: 41,
    });
    expect(parseBlock({ transactions: [] })).toMatchObject({ leader: null, parentSlot: null });
  });

  it("is read in the same way with and without the JSON-RPC envelope", () => {
    const bare = builtBlock(simpleSwap());
    const block = parseBlock(bare);
    expect(parseBlock({ jsonrpc: "2.0", id: 1, result: bare }).transactions).toHaveLength(1);
    expect(block.blockTime).toBe(1_700_000_000);
    expect(block.transactions[0]).toMatchObject({
      signature: "sig",
      signatures: 1,
      signer: "trader",
      failed: false,
      feeLamports: 7_500n,
    });
  });

  it("resolves accounts from lookup tables and those of legacy transactions", () => {
    for (const version of [0, "legacy"] as const) {
      const block = parseBlock(builtBlock(simpleSwap({ version })));
      const [swap, inner] = block.transactions[0]?.instructions ?? [];
      expect(swap?.accounts[1]).toBe("pool");
      expect(inner).toMatchObject({ label: "0.0", depth: 2, accounts: ["traderSol", "vaultSol", "trader"] });
      expect(block.transactions[0]?.tokenBalances.get("vaultSol")).toMatchObject({
        before: 10_000n,
        after: 11_000n,
      });
    }
  });

  it("may lack what not every node provides", () => {
    const block = parseBlock(broken("blockTime", null));
    expect(block.blockTime).toBeNull();
    const lamports = parseBlock(broken("transactions[0].meta.postBalances", null));
    expect(lamports.transactions[0]?.lamports.size).toBe(0);
  });

  it.each([
    ["meta", null, "its outcome (meta is null)"],
    ["meta.innerInstructions", null, "what it called (innerInstructions)"],
    ["meta.innerInstructions", undefined, "what it called (innerInstructions)"],
    ["meta.preTokenBalances", null, "its token balances"],
    ["meta.postTokenBalances", undefined, "its token balances"],
  ])("is read though the node did not record a transaction's %s (%s)", (key, value, unrecorded) => {
    const block = parseBlock(broken(`transactions[1].${key}`, value));
    expect(block.transactions.map((one) => one.unrecorded)).toEqual([undefined, unrecorded]);
    expect(block.transactions[1]).toMatchObject({ signature: "second", failed: false });
  });

  it("does not know the accounts of a transaction whose lookup tables the node left out", () => {
    const lookups = broken("transactions[0].transaction.message.addressTableLookups", [{}]);
    (lookups as { transactions: { meta: object }[] }).transactions[0] = {
      ...(lookups as { transactions: { meta: object }[] }).transactions[0],
      meta: { err: null, fee: 5000, innerInstructions: [], preTokenBalances: [], postTokenBalances: [] },
    };
    expect(parseBlock(lookups).transactions[0]).toMatchObject({
      accounts: undefined,
      instructions: [],
      unrecorded: "the accounts that it loaded from lookup tables",
    });
  });

  it("does not know the accounts of a transaction either if the node names no account that its lookup tables loaded", () => {
    const lookups = broken("transactions[0].transaction.message.addressTableLookups", [{}]) as {
      transactions: { meta: { loadedAddresses: object } }[];
    };
    const [first] = lookups.transactions;
    if (first !== undefined) first.meta.loadedAddresses = { writable: [], readonly: [] };
    expect(parseBlock(lookups).transactions[0]).toMatchObject({ accounts: undefined, instructions: [] });
  });

  it("is read with a transaction of a later version, of which nothing is known", () => {
    const [later, other] = parseBlock(broken("transactions[0].version", 2)).transactions;
    expect(later).toMatchObject({
      accounts: undefined,
      instructions: [],
      unrecorded: "it in a version that can be read (it has version 2)",
    });
    expect(other?.unrecorded).toBeUndefined();
  });

  it("reports the priority fee that a transaction of version 1 names", () => {
    const config = broken("transactions[0].transaction.message.transactionConfig", { priorityFee: 2_500 });
    const fees = parseBlock(config).transactions.map(({ priorityFeeLamports }) => priorityFeeLamports);
    expect(fees).toEqual([2_500n, undefined]);
  });

  it("reports changed lamports if a double holds them exactly", () => {
    const built = simpleSwap({ lamports: { pool: [5, 7], trader: [9e15 + 2e15, 9e15], other: [3, 3] } });
    const [transaction] = parseBlock(builtBlock(built)).transactions;
    expect([...(transaction?.lamports ?? [])]).toEqual([["pool", { before: 5n, after: 7n }]]);
  });

  it.each([
    ["transactions[1].meta", "none", "expected object, received string"],
    ["transactions[1].meta.postTokenBalances", 7, "expected array, received number"],
    ["transactions[0].meta.innerInstructions", {}, "expected array, received object"],
    ["transactions[0].meta.fee", -1, "Too small"],
    ["transactions[0].meta.preBalances", [5, "6"], "expected an array of lamports"],
    ["transactions[0].meta.postBalances", { 0: 5 }, "expected an array of lamports"],
    ["transactions[0].transaction.signatures", [], "expected at least one signature"],
    [
      "transactions[0].meta.preTokenBalances[1].uiTokenAmount.amount",
      "18446744073709551616",
      "expected at most 18446744073709551615",
    ],
    ["transactions[0].meta.preTokenBalances[1].uiTokenAmount.amount", "1e9", "expected a decimal string"],
    ["transactions[0].transaction.message.instructions[0].accounts[3]", 99, "account 99 does not exist"],
    ["transactions[0].meta.innerInstructions[0].index", 7, "instruction 7 does not exist"],
    ["transactions[1].transaction.signatures[0]", "sig", "the same signature as transactions[0]"],
    ["transactions", "none", "expected array, received string"],
  ])("that is wrong at %s says so", (path, value, message) => {
    const error = failure(() => parseBlock(broken(path, value)));
    expect(error.field).toBe(path);
    expect(error.message).toContain(`${path}: `);
    expect(error.message).toContain(message);
  });

  it("requested in a different form says what to request", () => {
    const keys = "transactions[0].transaction.message.accountKeys";
    expect(failure(() => parseBlock(broken(keys, [{ pubkey: "a" }]))).message).toContain(
      '"encoding": "json"',
    );
    const encoded = broken("transactions[0].transaction", ["AQ==", "base64"]);
    expect(failure(() => parseBlock(encoded)).message).toContain('"encoding": "json"');
    expect(failure(() => parseBlock({ signatures: ["a"] })).message).toContain("transactionDetails");
  });

  it("rejects anything that is not a block", () => {
    expect(failure(() => parseBlockText('{"transactions": [')).message).toContain("not valid JSON");
    expect(failure(() => parseBlockText("[]")).message).toContain("received array");
    expect(failure(() => parseBlockText("null")).message).toContain("received null");
    expect(failure(() => parseBlock({ result: null })).message).toContain("no such block");
    const skipped = { error: { code: -32007, message: "Slot 5 was skipped" } };
    expect(failure(() => parseBlock(skipped)).message).toContain("-32007 Slot 5 was skipped");
    const inEnvelope = { result: broken("transactions[0].meta", 1) };
    expect(failure(() => parseBlock(inEnvelope)).field).toBe("result.transactions[0].meta");
    const batch = [{ jsonrpc: "2.0", id: 1, result: builtBlock() }];
    expect(failure(() => parseBlock(batch)).message).toContain("JSON-RPC batch: give one of them");
    const one = { slot: 5, ...builtTransaction(simpleSwap()) };
    for (const answer of [one, { jsonrpc: "2.0", id: 1, result: one }]) {
      expect(failure(() => parseBlock(answer)).message).toContain(
        "getTransaction): call getBlock for its slot",
      );
    }
    expect(failure(() => parseBlock("3Bxs4h24hBtQy9rw")).message).toContain(
      "a string: is it encoded? call getBlock",
    );
    const encoded = broken("transactions[0].transaction", "3Bxs4h24hBtQy9rw");
    expect(failure(() => parseBlock(encoded)).message).toContain('"maxSupportedTransactionVersion": 1');
  });

  it("throws only BlockError, whatever the input", () => {
    fc.assert(
      fc.property(fc.json(), fc.jsonValue(), fc.integer({ min: 0, max: 6 }), (text, value, where) => {
        const places = ["meta", "meta.err", "transaction", "transaction.message", "meta.fee", "version"];
        const transaction = builtTransaction(simpleSwap());
        const block = broken(`transactions[0].${places[where] ?? "meta.loadedAddresses"}`, value);
        for (const read of [
          () => parseBlockText(text),
          () => parseBlock(block),
          () => parseBlock(transaction),
        ]) {
          try {
            read();
          } catch (error) {
            expect(error).toBeInstanceOf(BlockError);
          }
        }
      }),
    );
  });
});

function failure(read: () => unknown): BlockError {
  try {
    read();
  } catch (error) {
    if (error instanceof BlockError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
