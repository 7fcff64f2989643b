import { builtBlock, simpleSwap } from "@slipstream/testing/build-block";
import { describe, expect, it } from "vitest";
import { large, Scene } from "../sandwich/testing/scene.ts";
import type { Swap } from "../swaps/swap.ts";
import { InputError } from "./input-error.ts";
import { readInput } from "./read-input.ts";

type Json = Record<string, unknown>;

function event(over: Json = {}): Json {
  return {
    id: "a:0",
    slot: 5,
    txIndex: 1,
    eventIndex: 0,
    signature: "a",
    signer: "alice",
    pool: "pool",
    protocol: "UniswapV2",
    tokenIn: "SOL",
    tokenOut: "TOKEN",
    amountIn: "1000",
    amountOut: "18446744073709551616000",
    ...over,
  };
}

const second = event({ id: "b:0", signature: "b", txIndex: 2 });

/** "place: message" of the problem. */
function refusal(text: string): string {
  try {
    readInput(text, "file");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("input", () => {
  it.each([
    ["an array of events", JSON.stringify([event(), second])],
    ["events, one per line", `${JSON.stringify(event())}\n\n${JSON.stringify(second)}\n`],
    ["events, one per line, on Windows", `\uFEFF${JSON.stringify(event())}\r\n${JSON.stringify(second)}\r\n`],
  ])("may be %s", (_, text) => {
    const [input, ...others] = readInput(text, "file");
    expect(others).toEqual([]);
    expect(input?.name).toBe("file");
    expect(input?.swaps.map(({ id }) => id)).toEqual(["a:0", "b:0"]);
    expect(input?.swaps[0]).toMatchObject({ amountIn: 1000n, amountOut: 18446744073709551616000n, slot: 5 });
  });

  it.each([
    ["an array", (cases: Json[]) => JSON.stringify(cases)],
    ["one per line", (cases: Json[]) => cases.map((one) => JSON.stringify(one)).join("\n")],
  ])("may be cases, %s", (_, write) => {
    const cases = readInput(
      write([
        { case: "one", events: [event()], label: "whatever" },
        { case: "two", events: [] },
      ]),
      "file",
    );
    expect(cases.map(({ name, swaps }) => [name, swaps.length])).toEqual([
      ["one", 1],
      ["two", 0],
    ]);
  });

  it("may be one event, one case, or an empty array", () => {
    expect(readInput(JSON.stringify(event(), undefined, 2), "file")[0]?.swaps).toHaveLength(1);
    expect(readInput(JSON.stringify({ case: 7, events: [event()] }), "file")[0]?.name).toBe("7");
    expect(readInput(" [ ] ", "file")).toEqual([]);
  });

  it.each([
    ["bare", (block: object) => JSON.stringify(block)],
    [
      "in its envelope",
      (block: object) => JSON.stringify({ jsonrpc: "2.0", result: block, id: 1 }, undefined, 1),
    ],
  ])("may be a getBlock answer, %s", (_, write) => {
    const block = builtBlock(
      simpleSwap({ signatures: ["sig"] }),
      simpleSwap({ signatures: ["bad"], err: { InstructionError: [0, { Custom: 30 }] } }),
    );
    const [input] = readInput(write(block as object), "slot_42", 42);
    expect(input).toMatchObject({ name: "slot_42", notes: [] });
    expect(input?.swaps).toMatchObject([{ id: "sig:0", slot: 42, reserves: { in: 10_000n, out: 5_000n } }]);
    expect(input?.attempts).toMatchObject([{ signer: "trader", pool: "pool" }]);
  });

  it("reads EVM addresses regardless of upper and lower case", () => {
    const [input] = readInput(JSON.stringify([event({ pool: "0xAbC", tokenIn: "0xDEF" })]), "file");
    expect(input?.swaps[0]).toMatchObject({ pool: "0xabc", tokenIn: "0xdef", signer: "alice" });
  });

  it("accepts small amounts as numbers, and null for unknown values", () => {
    const optional = {
      program: null,
      payer: null,
      slot: null,
      feeLamports: 5000,
      tipLamports: "7",
      bundleId: "x",
    };
    const [input] = readInput(JSON.stringify([event({ amountIn: 12, ...optional })]), "file");
    expect(input?.swaps[0]).toMatchObject({
      amountIn: 12n,
      slot: null,
      program: undefined,
      fee: { total: 5000n },
      tipLamports: 7n,
      bundleId: "x",
    });
  });
});

describe("problems are reported with their place", () => {
  const inCase = (over: Json): string =>
    JSON.stringify([
      { case: "one", events: [] },
      { case: "two", events: [event(), { ...second, ...over }] },
    ]);

  it.each([
    [{ amountIn: "12.5" }, /^\[1\]\.events\[1\]\.amountIn: expected a decimal string.*received "12\.5"/],
    [{ amountIn: -1 }, /^\[1\]\.events\[1\]\.amountIn: expected a decimal string/],
    [
      { amountIn: 1e21 },
      /^\[1\]\.events\[1\]\.amountIn: expected a decimal string: the number 1e\+21 is not exact/,
    ],
    [{ amountOut: String(2n ** 256n) }, /^\[1\]\.events\[1\]\.amountOut: expected at most 2\^256 - 1/],
    [
      { amountOut: String(2n ** 64n), pool: "58oQChx4yWmvKdwLLZzBi4ChoCc2fqCUWBkwMihLYQo2" },
      /^\[1\]\.events\[1\]\.amountOut: expected at most 18446744073709551615 \(2\^64 - 1\)/,
    ],
    [{ feeOut: "1000000000000000000000000" }, /^\[1\]\.events\[1\]\.feeOut: expected at most amountOut/],
    [{ feeIn: "-1" }, /^\[1\]\.events\[1\]\.feeIn: expected a decimal string/],
    [{ amountOut: null }, /^\[1\]\.events\[1\]\.amountOut: expected a decimal string, received null/],
    [{ amountOut: undefined }, /^\[1\]\.events\[1\]\.amountOut: expected a decimal string, received nothing/],
    [{ slot: "5" }, /^\[1\]\.events\[1\]\.slot: expected number/],
    [{ txIndex: 1.5 }, /^\[1\]\.events\[1\]\.txIndex: /],
    [{ signer: "" }, /^\[1\]\.events\[1\]\.signer: expected a name/],
    [{ pool: 5, signer: 6 }, /^\[1\]\.events\[1\]\..*\(and 1 more like this\)/],
    [{ tokenOut: "SOL" }, /^\[1\]\.events\[1\]\.tokenOut: expected a token other than tokenIn/],
    [{ id: "a:0" }, /^\[1\]\.events\[1\]\.id: the same id as \[1\]\.events\[0\]/],
    [{ signature: "a" }, /^\[1\]\.events\[1\]\.signature: the same signature as \[1\]\.events\[0\]/],
    [{ reserve0: "x" }, /^\[1\]\.events\[1\]\.reserve0: expected a decimal string/],
  ])("%o", (over, message) => {
    expect(refusal(inCase(over))).toMatch(message);
  });

  it.each([
    ["", /^the input is empty; expected cases/],
    ["[", /^not valid JSON: /],
    ["{", /^not valid JSON: /],
    ["null", /^expected cases .* received null/],
    ["[5]", /^\[0\]: expected cases .* received number/],
    ['[{"case": "a", "events": []}, 5]', /^\[1\]: expected cases/],
    ['{"name": 5}', /the keys name match none of these/],
    ['[{"case": null, "events": []}]', /^\[0\]\.case: expected a name, received null/],
    ['[{"case": "a", "events": {}}]', /^\[0\]\.events: expected an array, received object/],
    ['[{"case": "a", "events": [null]}]', /^\[0\]\.events\[0\]: expected object, received null/],
    [`${JSON.stringify(event())}\n{"id": `, /^line 2: not valid JSON: /],
    [`${JSON.stringify(event())}\n\n{"id": 5}`, /^line 3: id: /],
    ['{"case": "a", "events": []}\n{"case": "a"}', /^line 2: events: expected an array, received nothing/],
    ['{"jsonrpc": "2.0", "result": null, "id": 1}', /^result: null: the node has no such block/],
    ['{"blockTime": 5, "transactions": [{"transaction": null}]}', /^transactions\[0\]\.transaction: /],
  ])("%s", (text, message) => {
    expect(refusal(text)).toMatch(message);
  });
});

describe("reserves", () => {
  /** A front run, a victim and a back run as in a file, with reserves 0 and 1 in the order of `token0`. */
  function written(token0: "SOL" | "TOKEN", when: "pre" | "post"): string {
    const scene = new Scene();
    const bought = scene.buy("attacker", large);
    scene.buy("victim", large);
    scene.sell("attacker", bought.amountOut);
    return JSON.stringify(scene.swaps.map((swap) => write(swap, token0, when)));
  }

  function write(swap: Swap, token0: string, when: "pre" | "post"): Json {
    const { reserves, ...plain } = swap;
    if (reserves === undefined) throw new RangeError("no reserves");
    const moved = when === "pre" ? [0n, 0n] : [swap.amountIn, -swap.amountOut];
    const [inner, outer] = [reserves.in + (moved[0] ?? 0n), reserves.out + (moved[1] ?? 0n)];
    const [zero, one] = swap.tokenIn === token0 ? [inner, outer] : [outer, inner];
    const keys = when === "pre" ? ["reserve0", "reserve1"] : ["postReserve0", "postReserve1"];
    return {
      ...plain,
      amountIn: String(swap.amountIn),
      amountOut: String(swap.amountOut),
      [keys[0] ?? ""]: String(zero),
      [keys[1] ?? ""]: String(one),
    };
  }

  it.each([
    ["SOL", "pre"],
    ["SOL", "post"],
    ["TOKEN", "pre"],
    ["TOKEN", "post"],
  ] as const)("are recognized by which reading is consistent: token 0 is %s, %s", (token0, when) => {
    const [input] = readInput(written(token0, when), "file");
    expect(input?.swaps.map(({ reserves }) => reserves?.in)).toEqual([
      1_000_000_000_000n,
      1_000_000_000_000n + large,
      expect.any(BigInt),
    ]);
    expect(input?.swaps[0]?.reserves?.out).toBe(50_000_000_000_000n);
  });

  it("are undefined if one of the two is missing", () => {
    const [input] = readInput(JSON.stringify([event({ reserve0: "5" })]), "file");
    expect(input?.swaps[0]?.reserves).toBeUndefined();
  });
});
