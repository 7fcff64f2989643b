import { base58 } from "@scure/base";
import fc from "fast-check";
import { expect, it } from "vitest";
import { programId } from "../programs/ids.ts";
import { tokenTransfer } from "../programs/token-transfer.ts";
import type { Instruction } from "./model.ts";
import { batchedInstructions } from "./token-batch.ts";

interface Part {
  readonly accounts: string[];
  readonly data: Uint8Array;
}

const anyPart: fc.Arbitrary<Part> = fc.record({
  accounts: fc.array(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 6 }),
  data: fc.uint8Array({ minLength: 1, maxLength: 40 }),
});

function instruction(
  bytes: readonly number[],
  accounts: string[],
  program: string = programId.token,
): Instruction {
  const data = base58.encode(Uint8Array.from(bytes));
  return {
    place: "here",
    label: "0.3",
    topProgram: "router",
    depth: 2,
    isInner: true,
    program,
    accounts,
    data,
  };
}

function batchOf(parts: readonly Part[]): Instruction {
  const bytes = parts.flatMap(({ accounts, data }) => [accounts.length, data.length, ...data]);
  return instruction(
    [255, ...bytes],
    parts.flatMap(({ accounts }) => accounts),
  );
}

it("a batch of the token program is the instructions that it consists of, in order", () => {
  fc.assert(
    fc.property(fc.array(anyPart, { minLength: 3, maxLength: 12 }), (parts) => {
      const read = batchedInstructions(batchOf(parts));
      const place = {
        place: "here",
        label: "0.3",
        topProgram: "router",
        depth: 2,
        isInner: true,
        program: programId.token,
      };
      expect(read).toEqual(
        parts.map(({ accounts, data }) => ({ ...place, accounts, data: base58.encode(data) })),
      );
    }),
  );
});

it("a batch of one transfer, of any amount, is that transfer", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (amount) => {
      const data = new Uint8Array(9);
      data[0] = 3;
      new DataView(data.buffer).setBigUint64(1, amount, true);
      const [transfer] = batchedInstructions(batchOf([{ accounts: ["from", "to", "owner"], data }])) ?? [];
      expect(transfer && tokenTransfer(transfer)).toEqual({
        from: "from",
        to: "to",
        amount,
        received: amount,
      });
    }),
  );
});

it("a batch that breaks off, or names more accounts than there are, stays one instruction", () => {
  const whole = batchOf([
    { accounts: ["a", "b"], data: new Uint8Array(9) },
    { accounts: ["c", "d"], data: new Uint8Array(9) },
  ]);
  const bytes = [...base58.decode(whole.data)];
  expect(batchedInstructions(whole)).toHaveLength(2);
  expect(batchedInstructions(instruction(bytes.slice(0, -1), [...whole.accounts]))).toBeUndefined();
  expect(batchedInstructions(instruction(bytes, ["a", "b", "c"]))).toBeUndefined();
  expect(batchedInstructions(instruction(bytes, [...whole.accounts], "other"))).toBeUndefined();
});
