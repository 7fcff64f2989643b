import { landingServices } from "@slipstream/conventions";
import {
  builtTransaction,
  limitData,
  priceData,
  transferData,
  type WireDraft,
} from "@slipstream/testing/build-transaction";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase58, encodeBase58 } from "../../base58.ts";
import { programId } from "../../programs/ids.ts";
import { wireFees } from "./wire-fees.ts";
import { readWireText } from "./wire-text.ts";
import { readWireTransaction } from "./wire-transaction.ts";

const key = (fill: number): string => encodeBase58(new Uint8Array(32).fill(fill));
const signature = encodeBase58(new Uint8Array(64).fill(9));
const [service] = landingServices;
const tipAccount = service?.tipAccounts[0] ?? "";
const [payer, blockhash] = [key(1), key(2)];

const draft: WireDraft = {
  version: "legacy",
  payer,
  blockhash,
  signatures: [signature],
  instructions: [
    { program: programId.computeBudget, accounts: [], data: limitData(140_000) },
    { program: programId.computeBudget, accounts: [], data: priceData(50_000n) },
    { program: programId.system, accounts: [payer, tipAccount], data: transferData(200_000n) },
    { program: programId.jupiter, accounts: [payer, key(5)], data: new Uint8Array(27) },
  ],
};

test.each(["legacy", 0, 1] as const)("version %s is read from base64 and base58", (version) => {
  const bytes = builtTransaction({ ...draft, version });
  for (const [text, encoding] of [
    [bytes.toString("base64"), "base64"],
    [bytes.toString("base64"), "base58"],
    [encodeBase58(bytes), "base58"],
  ] as const) {
    const transaction = readWireText(text, encoding);
    expect(transaction).toMatchObject({ version, signature, signers: 1, payer, blockhash });
    expect(transaction?.instructions.map(({ program }) => program)).toEqual([
      programId.computeBudget,
      programId.computeBudget,
      programId.system,
      programId.jupiter,
    ]);
    const at = version === 1 ? 0 : bytes.length - (transaction?.message.length ?? 0);
    const message = Buffer.from(transaction?.message ?? []);
    expect(message.equals(bytes.subarray(at, at + message.length))).toBe(true);
    expect(message.length).toBeGreaterThan(100);
  }
});

test.each(["legacy", 0] as const)("the priority fee of version %s is on the requested limit", (version) => {
  expect(feesOf({ ...draft, version })).toEqual({
    computeUnitLimit: 140_000,
    computeUnitPrice: 50_000,
    priorityFeeLamports: 7_000,
    tips: [{ service: "jito", lamports: 200_000n }],
  });
});

test("version 1 names its fee itself, and ignores the instructions of the compute budget program", () => {
  const config = { priorityFeeLamports: 12_345n, computeUnitLimit: 90_000 };
  expect(feesOf({ ...draft, version: 1, config })).toMatchObject({
    computeUnitLimit: 90_000,
    priorityFeeLamports: 12_345,
  });
  expect(feesOf({ ...draft, version: 1 })).toMatchObject({
    computeUnitLimit: undefined,
    priorityFeeLamports: 0,
  });
});

test("a fee on a limit that is not requested is not known; without a price there is none", () => {
  const without = (index: number) => draft.instructions.filter((_, at) => at !== index);
  expect(feesOf({ ...draft, instructions: without(0) }).priorityFeeLamports).toBeUndefined();
  expect(feesOf({ ...draft, instructions: without(1) }).priorityFeeLamports).toBe(0);
});

test("a tip to an account of a look-up table is not seen", () => {
  expect(feesOf({ ...draft, version: 0, lookedUp: [tipAccount] }).tips).toEqual([]);
});

test("a transaction that its payer has not signed has no signature; another signer's does not identify it", () => {
  const read = readWireTransaction(builtTransaction({ ...draft, signatures: ["", signature] }));
  expect(read).toMatchObject({ signature: undefined, signers: 2 });
});

test("bytes after the end, a cut end and a transaction that is too long are no transaction", () => {
  for (const version of ["legacy", 0, 1] as const) {
    const bytes = builtTransaction({ ...draft, version });
    expect(readWireTransaction(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeUndefined();
    for (let end = 0; end < bytes.length; end++) {
      expect(readWireTransaction(bytes.subarray(0, end))).toBeUndefined();
    }
  }
  const long = [{ program: programId.memo, accounts: [], data: new Uint8Array(1_300) }];
  expect(readWireTransaction(builtTransaction({ ...draft, instructions: long }))).toBeUndefined();
  expect(readWireTransaction(builtTransaction({ ...draft, version: 1, instructions: long }))).toBeDefined();
});

test("whatever the bytes and texts, reading ends without an error", () => {
  const base = (["legacy", 0, 1] as const).map((version) => builtTransaction({ ...draft, version }));
  const mutated = fc
    .tuple(fc.constantFrom(...base), fc.array(fc.tuple(fc.nat(500), fc.nat(255)), { maxLength: 4 }))
    .map(([bytes, changes]) => {
      const changed = Uint8Array.from(bytes);
      for (const [at, byte] of changes) changed[at % changed.length] = byte;
      return changed;
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      const transaction = readWireTransaction(bytes);
      if (transaction === undefined) return;
      const { priorityFeeLamports = 0 } = wireFees(transaction);
      expect(priorityFeeLamports).toBeGreaterThanOrEqual(0);
      expect(decodeBase58(transaction.payer, 32)).toBeDefined();
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("base58" as const, "base64" as const), (text, encoding) => {
      expect(readWireText(text, encoding)).toBeUndefined();
    }),
  );
});

function feesOf(of: WireDraft) {
  const transaction = readWireTransaction(builtTransaction(of));
  if (transaction === undefined) throw new Error("it is not read");
  return wireFees(transaction);
}
