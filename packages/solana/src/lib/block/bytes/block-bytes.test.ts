import { hasCode } from "@slipstream/conventions";
import { builtBlock, builtTransaction, simpleSwap } from "@slipstream/testing/build-block";
import { readFixture, realBlockName } from "@slipstream/testing/fixtures";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Block } from "../model.ts";
import { parseBlockText, readBlock } from "../parse-block.ts";
import { readBlockBytes } from "./block-bytes.ts";

const fieldFiles = [
  ...[
    "01-raydium-v4-swap-v2/input.json",
    "01-raydium-v4-swap-v2/input2.json",
    "02-transaction-v1/input.json",
  ],
  ...["05-clean-though-legs-unread/input.json", "06-route-hops-unread/input.json"],
  "08-inner-instructions-null/input.json",
];
const field = fieldFiles.flatMap((name) => readFixture(`field/${name}`) ?? []);
const recorded = readFixture(realBlockName);

/** A few transactions of the recorded block, of different kinds, as a small block. */
const few: string[] =
  recorded === undefined
    ? []
    : [0, 5, 60, 100, 330].map((at) => {
        const block = JSON.parse(recorded) as { transactions: unknown[] };
        return JSON.stringify({ ...block, transactions: block.transactions.slice(at, at + 3) });
      });
const rich = {
  ...builtBlock(
    simpleSwap({ lamports: { pool: [5, 7], trader: [2 ** 53 + 2, 3] } }),
    simpleSwap({ signatures: ["second", "cosigner"], version: "legacy" }),
  ),
  rewards: [
    { pubkey: "voter", rewardType: "Voting" },
    { pubkey: "leader", rewardType: "Fee" },
  ],
};
const texts = [
  ...field,
  ...few,
  JSON.stringify(rich),
  JSON.stringify({ jsonrpc: "2.0", result: rich, id: 1 }),
];

/** All that can be asked of a block, or why it cannot be read. */
function outcome(read: () => Block | undefined): unknown {
  try {
    const block = read();
    return block === undefined ? undefined : plain(block);
  } catch (error) {
    if (hasCode(error, "bad_block")) return error.message;
    throw error;
  }
}

function plain({ transactions, ...block }: Block): unknown {
  return {
    ...block,
    transactions: transactions.map(({ instructions, ...transaction }) => ({
      ...transaction,
      instructions: instructions.map(
        ({ place, label, program, topProgram, accounts, data, depth, isInner }) => {
          return { place, label, program, topProgram, accounts, data, depth, isInner };
        },
      ),
    })),
  };
}

/** Whether both readers say the same. @returns whether the fast one read it without the other's help */
function agree(bytes: Uint8Array): boolean {
  const full = outcome(() => parseBlockText(new TextDecoder().decode(bytes)));
  expect(outcome(() => readBlock(bytes))).toEqual(full);
  return readBlockBytes(bytes, () => undefined) !== undefined;
}

const text = fc.constantFrom(...texts);
/** A place in a text, as a share of it. */
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("a block's bytes", () => {
  it("are read as the full parser reads their text, and without it", () => {
    for (const one of texts) expect(agree(Buffer.from(one))).toBe(true);
  });

  it.skipIf(recorded === undefined)(
    "are read as the full parser reads them, for a whole recorded block",
    () => {
      const written = recorded ?? "";
      for (const one of [
        written,
        JSON.stringify(JSON.parse(written)),
        JSON.stringify(JSON.parse(written), null, 1),
      ])
        expect(agree(Buffer.from(one))).toBe(true);
    },
  );

  it("may have their keys in any order, keys that nobody knows, and any space between", () => {
    const spaces = fc.constantFrom("", " ", "\n", "\r\n\t", "  ");
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.nat(1_000)), fc.infiniteStream(spaces), (one, draws, gaps) => {
        const next = (): number => draws.next().value ?? 0;
        const gap = (): string => gaps.next().value ?? "";
        expect(agree(Buffer.from(written(JSON.parse(one), next, gap)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("may have escapes in any text", () => {
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.nat(60)), (one, draws) => {
        const escaped = one.replaceAll(/[a-zA-Z]/g, (letter) => {
          const isEscaped = draws.next().value === 0;
          return isEscaped ? `\\u00${letter.charCodeAt(0).toString(16)}` : letter;
        });
        // A literal or a number may be hit as well, which both refuse.
        agree(Buffer.from(escaped));
      }),
      { numRuns: 60 },
    );
  });

  it("that are cut off or changed anywhere give the same, or the same error", () => {
    const part = fc.constantFrom(
      ...[
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "0",
        "-",
        "1e3",
        ".5",
        "null",
        "true",
        '"a":1,',
        "\n",
        "\0",
      ],
      ...[
        "[[[[[[[[",
        "\u00e9",
        "18446744073709551616",
        "9007199254740993",
        '"fee":1,',
        '"err":null,',
        "\ud800",
      ],
    );
    fc.assert(
      fc.property(text, share, share, fc.option(part), (one, from, length, put) => {
        const start = Math.floor(from * one.length);
        const removed = Math.floor(length ** 8 * (one.length - start + 1));
        agree(Buffer.from(one.slice(0, start) + (put ?? "") + one.slice(start + removed)));
      }),
      { numRuns: 400 },
    );
  });

  it("of which any one is another give the same, or the same error", () => {
    fc.assert(
      fc.property(text, share, fc.nat(255), (one, at, byte) => {
        const bytes = Buffer.from(one);
        bytes[Math.floor(at * bytes.length)] = byte;
        agree(bytes);
      }),
      { numRuns: 400 },
    );
  });

  it("with any value in place of another, or without it, or with a key twice, give the same, or the same error", () => {
    const odd = fc.oneof(
      fc.constantFrom<string>(
        ...["null", "[]", "{}", "-1", "-0", "0", "1.0", "1e2", "00", "1e400", "9007199254740991"],
        ...[
          "9007199254740993",
          "100000000000000000000",
          "18446744073709551615",
          '""',
          '"0"',
          '"00000000000000000001"',
        ],
        ...[
          '"18446744073709551615"',
          '"18446744073709551616"',
          '"99999999999999999999"',
          '"1e9"',
          '"\\u0031"',
        ],
        ...["true", '"legacy"', "[null]", "[0]", "[-1]", "[9007199254740993]", "[1.5]", "[1,]", '["a"]'],
        ...[
          '{"writable":[],"readonly":[]}',
          '{"amount":"5","amount":"6"}',
          `${"[".repeat(600)}${"]".repeat(600)}`,
        ],
      ),
      fc.json(),
    );
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.nat(1_000)), odd, fc.nat(2), (one, draws, value, how) => {
        const changed = withChange(one, () => draws.next().value ?? 0, value, how);
        agree(Buffer.from(changed));
      }),
      { numRuns: 600 },
    );
  });

  it("that are not text are read where it does not matter, as the full parser reads them", () => {
    const block = { ...rich, note: "hier" };
    const bytes = Buffer.from(JSON.stringify(block).replace("hier", "\u0001"));
    const at = bytes.indexOf(1);
    bytes[at] = 0xff;
    expect(agree(bytes)).toBe(true);
    expect(agree(Buffer.concat([Buffer.from("\ufeff"), Buffer.from(JSON.stringify(rich))]))).toBe(false);
  });

  it("may be a view of a larger buffer", () => {
    const whole = Buffer.from(`xyz${JSON.stringify(rich)}xyz`);
    expect(agree(whole.subarray(3, -3))).toBe(true);
  });

  it("may hold each transaction once, however many there are", () => {
    const one = JSON.stringify(builtTransaction(simpleSwap({ signatures: ["SIGNATURE"] })));
    const block = (signatures: readonly string[]): Buffer => {
      const all = signatures.map((signature) => one.replace("SIGNATURE", signature));
      return Buffer.from(`{"transactions":[${all.join()}]}`);
    };
    const many = Array.from({ length: 5_000 }, (_, at) => `signature ${at}`);
    expect(readBlockBytes(block(many), () => undefined)).toBeDefined();
    expect(readBlockBytes(block([...many, "signature 17"]), () => undefined)).toBeUndefined();
    expect(() => readBlock(block(["a", "b", "a"]))).toThrow("the same signature as transactions[0]");
  });

  it("after another block's give nothing of the other", () => {
    const other = JSON.stringify(rich).replaceAll("pool", "POOL");
    agree(Buffer.from(other));
    expect(agree(Buffer.from(JSON.stringify(rich)))).toBe(true);
  });
});

/** JSON with its keys in an order that is drawn, some that nobody knows among them, and drawn space. */
function written(value: unknown, next: () => number, gap: () => string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => gap() + written(item, next, gap) + gap());
    return `[${items.length === 0 ? gap() : items.join(",")}]`;
  }
  const order = Object.entries(value).map((entry) => ({ entry, at: next() }));
  const unknown =
    next() % 40 === 0 ? [{ entry: ['nobody \\ " knows', { a: [1.5e3, -0, "\\"] }], at: next() }] : [];
  const entries = [...order, ...unknown]
    .sort((a, b) => a.at - b.at)
    .map(({ entry: [key, inner] }) => {
      return `${gap()}${plainKey(key)}${gap()}:${gap()}${written(inner, next, gap)}${gap()}`;
    });
  return `{${entries.length === 0 ? gap() : entries.join(",")}}`;
}

function plainKey(key: unknown): string {
  return JSON.stringify(key).replaceAll(/\\./g, "");
}

/** Another value at a place that is drawn: instead, nothing at all, or the key once more. */
function withChange(one: string, next: () => number, value: string, how: number): string {
  const mark = "the place of the change";
  const block: unknown = JSON.parse(one);
  let target = block as Record<string, unknown>;
  for (let depth = 0; depth < 12; depth++) {
    const keys = Object.keys(target);
    const key = keys[next() % keys.length] ?? "";
    const inside = target[key];
    const isLeaf = typeof inside !== "object" || inside === null || Object.keys(inside).length === 0;
    if (!isLeaf && next() % 6 !== 0) {
      target = inside as Record<string, unknown>;
      continue;
    }
    if (how === 0) target[key] = mark;
    else if (how === 1) delete target[key];
    else if (!Array.isArray(target)) Object.assign(target, { [`${mark}${key}`]: inside });
    break;
  }
  return JSON.stringify(block)
    .replace(`"${mark}"`, () => value)
    .replace(mark, "");
}
