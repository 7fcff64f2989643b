import { builtBlock, simpleSwap } from "@slipstream/testing/build-block";
import { readFixture, realBlockName } from "@slipstream/testing/fixtures";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isBlock } from "./is-block.ts";
import { blockSchema, type RawBlock } from "./schema.ts";

const rich = {
  ...builtBlock(simpleSwap(), simpleSwap({ signatures: ["second"] })),
  rewards: [{ pubkey: "leader", rewardType: "Fee" }, { pubkey: "other" }],
};

/** The keys of a value inside, from the outside in, drawn by a number for each step. */
function placeIn(value: unknown, draws: readonly number[]): { target: Record<string, unknown>; key: string } {
  let target = value as Record<string, unknown>;
  for (const draw of draws) {
    const keys = Object.keys(target);
    const key = keys[draw % keys.length] ?? "";
    const inside = target[key];
    if (typeof inside !== "object" || inside === null || Object.keys(inside).length === 0)
      return { target, key };
    target = inside as Record<string, unknown>;
  }
  return { target, key: Object.keys(target)[0] ?? "" };
}

const odd = fc.constantFrom<unknown>(
  ...[undefined, null, true, "", "0", "18446744073709551615", "18446744073709551616", "-1", "1.5", " 1", "٣"],
  ...["000000000000000000001", 0, -1, 1.5, 2 ** 53, 2 ** 53 - 1, {}, { amount: "1" }, { priorityFee: -1 }],
  ...[[], [0], [-1], ["a"], [null], [{}], { writable: [], readonly: [1] }],
);

it("says what the schema says, whatever value of a block is another", () => {
  expect(isBlock(rich)).toBe(true);
  const draws = fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(draws, fc.oneof(odd, fc.jsonValue()), fc.boolean(), (steps, value, isAdded) => {
      const block = structuredClone(rich);
      const { target, key } = placeIn(block, steps);
      const message = (block as unknown as RawBlock).transactions[0]?.transaction.message;
      if (isAdded) Object.assign(message ?? {}, { transactionConfig: value, addressTableLookups: value });
      else target[key] = value;
      const parsed = blockSchema.safeParse(block);
      expect(isBlock(block)).toBe(parsed.success);
    }),
    { numRuns: 500 },
  );
});

it("accepts a recorded block, of which the schema keeps the same", () => {
  const text = readFixture(realBlockName);
  const block: unknown = JSON.parse(text ?? '{"transactions": []}');
  expect(isBlock(block)).toBe(true);
  expect(block).toMatchObject(blockSchema.parse(block));
});
