import { hasCode } from "@slipstream/conventions";
import { parseBlockText } from "@slipstream/solana/block";
import { builtBlock, simpleSwap } from "@slipstream/testing/build-block";
import { readFixture, realBlockName } from "@slipstream/testing/fixtures";
import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeBlock } from "./decode-block.ts";
import { decodeBlockBytes } from "./decode-bytes.ts";

const recorded = readFixture(realBlockName);
const names = ["01-raydium-v4-swap-v2/input2", "02-transaction-v1/input", "06-route-hops-unread/input"];
const texts = [
  JSON.stringify(builtBlock(simpleSwap(), simpleSwap({ signatures: ["second"] }))),
  ...names.flatMap((name) => readFixture(`field/${name}.json`) ?? []),
];

function outcome(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    if (hasCode(error, "bad_block")) return error.message;
    throw error;
  }
}

function agree(text: string): unknown {
  const whole = outcome(() => decodeBlock(parseBlockText(text), 7));
  expect(outcome(() => decodeBlockBytes(Buffer.from(text), 7))).toEqual(whole);
  return whole;
}

it("a block is decoded while it is read as it is decoded after it was parsed", () => {
  for (const text of recorded === undefined ? texts : [...texts, recorded])
    expect(agree(text)).toMatchObject({ slot: 7 });
});

it("a block whose time follows after its transactions gives its swaps this time", () => {
  const { blockTime, ...block } = builtBlock(simpleSwap()) as { blockTime: number };
  const { swaps } = decodeBlockBytes(Buffer.from(JSON.stringify({ ...block, blockTime })), 7);
  expect(swaps.map((swap) => swap.blockTime)).toEqual([blockTime]);
});

it("data that are no base58 are refused with their place, unless something before them is wrong", () => {
  const built = simpleSwap();
  const swap = { ...builtBlock(built), note: 0 };
  const text = JSON.stringify(swap).replace(/"data":"[^"]+"/, '"data":"0OIl"');
  expect(agree(text)).toMatch(
    /^transactions\[0\]\.transaction\.message\.instructions\[\d\]\.data: expected base58/,
  );
  expect(agree(`${text} `.replace('"note":0', '"note":00'))).toMatch(/^not valid JSON/);
});

it("a block that is cut off or changed anywhere gives the same swaps, or the same error", () => {
  const part = fc.constantFrom(...['"', "\\", "{", "}", "[", "]", ",", "0", "9", "z", "null", " "]);
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      share,
      fc.nat(3),
      part,
      fc.boolean(),
      (text, from, removed, put, isCut) => {
        const start = Math.floor(from * text.length);
        agree(isCut ? text.slice(0, start) : text.slice(0, start) + put + text.slice(start + removed));
      },
    ),
    { numRuns: 300 },
  );
});
