import { landingServices } from "@slipstream/conventions";
import { expect, test } from "vitest";
import { decodeBase58, encodeBase58 } from "../base58.ts";
import type { BlockTransaction, Instruction } from "../block/model.ts";
import { programId } from "./ids.ts";
import { tipOf } from "./tips.ts";

/** A System transfer's data: u32 tag 2, u64 lamports. */
function transferData(lamports: bigint): string {
  const data = new DataView(new ArrayBuffer(12));
  data.setUint32(0, 2, true);
  data.setBigUint64(4, lamports, true);
  return encodeBase58(new Uint8Array(data.buffer));
}

const transferTo = (account: string): Instruction => ({
  place: "",
  label: "0",
  program: programId.system,
  topProgram: programId.system,
  accounts: ["trader", account],
  data: transferData(1_000_000n),
  depth: 1,
});
const transaction = (instructions: Instruction[], failed = false): BlockTransaction =>
  ({ instructions, failed }) as unknown as BlockTransaction;

test("each account of a landing service is an address, and belongs to one service", () => {
  const accounts = landingServices.flatMap(({ tipAccounts }) => tipAccounts);
  expect(accounts.filter((account) => decodeBase58(account, 32) === undefined)).toEqual([]);
  expect(new Set(accounts).size).toBe(accounts.length);
});

test.each(landingServices)("a transfer to $name is a tip", ({ tipAccounts }) => {
  const [first = "", last = ""] = [tipAccounts[0], tipAccounts.at(-1)];
  expect(tipOf(transaction([transferTo(first), transferTo("somebody"), transferTo(last)]))).toBe(2_000_000n);
  expect(tipOf(transaction([transferTo(first)], true))).toBe(0n);
});
