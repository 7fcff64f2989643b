import { base58 } from "@scure/base";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Instruction } from "../block/model.ts";
import { programId } from "./ids.ts";
import { systemTransfer } from "./system-transfer.ts";
import { tokenTransfer } from "./token-transfer.ts";

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

function instruction(
  program: string,
  head: readonly number[],
  amounts: readonly bigint[],
  gap = 0,
): Instruction {
  const data = new DataView(new ArrayBuffer(head.length + 8 * amounts.length + gap * (amounts.length - 1)));
  for (const [at, byte] of head.entries()) data.setUint8(at, byte);
  for (const [at, amount] of amounts.entries()) data.setBigUint64(head.length + at * (8 + gap), amount, true);
  const place = { place: "", label: "0", topProgram: program, depth: 1, isInner: false };
  return {
    ...place,
    program,
    accounts: ["from", "mint", "to"],
    data: base58.encode(new Uint8Array(data.buffer)),
  };
}

it("a token transfer of any amount is read, whatever the length of its text", () => {
  fc.assert(
    fc.property(u64, u64, (amount, fee) => {
      const plain = instruction(programId.token, [3], [amount]);
      expect(tokenTransfer(plain)).toEqual({ from: "from", to: "mint", amount, received: amount });
      const checked = instruction(programId.token2022, [12], [amount]);
      expect(tokenTransfer(checked)).toEqual({ from: "from", to: "to", amount, received: amount });
      const withFee = instruction(programId.token2022, [26, 1], [amount, fee], 1);
      expect(tokenTransfer(withFee)).toEqual({ from: "from", to: "to", amount, received: amount - fee });
    }),
  );
});

it("a lamport transfer of any amount is read, and no other instruction of the System program", () => {
  fc.assert(
    fc.property(u64, (lamports) => {
      const transfer = instruction(programId.system, [2, 0, 0, 0], [lamports]);
      expect(systemTransfer(transfer)).toEqual({ from: "from", to: "mint", lamports });
      for (const tag of [0, 1, 3, 4, 8, 255])
        expect(systemTransfer(instruction(programId.system, [tag, 0, 0, 0], [lamports]))).toBeUndefined();
    }),
  );
});
