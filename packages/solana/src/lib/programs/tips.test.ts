import { landingServices } from "@slipstream/conventions";
import { transferData } from "@slipstream/testing/build-transaction";
import { expect, test } from "vitest";
import { decodeBase58, encodeBase58 } from "../base58.ts";
import type { BlockTransaction, Instruction } from "../block/model.ts";
import { programId } from "./ids.ts";
import { tipsIn } from "./tips.ts";

const transferTo = (account: string): Instruction => ({
  place: "",
  label: "0",
  program: programId.system,
  topProgram: programId.system,
  isInner: false,
  accounts: ["trader", account],
  data: encodeBase58(transferData(1_000_000n)),
  depth: 1,
});
const transaction = (instructions: Instruction[], failed = false): BlockTransaction =>
  ({ instructions, failed }) as unknown as BlockTransaction;

test("each account of a landing service is an address, and belongs to one service", () => {
  const accounts = landingServices.flatMap(({ tipAccounts }) => tipAccounts);
  expect(accounts.filter((account) => decodeBase58(account, 32) === undefined)).toEqual([]);
  expect(new Set(accounts).size).toBe(accounts.length);
});

test.each(landingServices)(
  "a transfer to $name is a tip, whether or not the transaction failed",
  (service) => {
    const { name, tipAccounts } = service;
    const [first = "", last = ""] = [tipAccounts[0], tipAccounts.at(-1)];
    const tips = [{ service: name, lamports: 2_000_000n }];
    expect(tipsIn(transaction([transferTo(first), transferTo("somebody"), transferTo(last)]))).toEqual(tips);
    expect(tipsIn(transaction([transferTo(first), transferTo(last)], true))).toEqual(tips);
  },
);

test("of several services, the one that gets the most comes first", () => {
  const [one, two] = landingServices;
  const [first = "", second = ""] = [one?.tipAccounts[0], two?.tipAccounts[0]];
  expect(tipsIn(transaction([transferTo(first), transferTo(second), transferTo(second)]))).toEqual([
    { service: two?.name, lamports: 2_000_000n },
    { service: one?.name, lamports: 1_000_000n },
  ]);
  expect(tipsIn(transaction([transferTo("somebody")]))).toEqual([]);
});
