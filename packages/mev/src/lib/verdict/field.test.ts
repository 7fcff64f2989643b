import type { Block } from "@slipstream/solana";
import { parseBlockText } from "@slipstream/solana/block";
import { fixtureText } from "@slipstream/testing/fixtures";
import { describe, expect, test } from "vitest";
import { readInput } from "../cases/read-input.ts";
import { detectSandwiches } from "../sandwich/detect.ts";
import { decodeBlock } from "../swaps/decode-block.ts";
import type { Verdict } from "./model.ts";
import { slotSwaps } from "./slot-swaps.ts";
import { VerdictTracker } from "./verdict-tracker.ts";

/** Cases that were judged wrongly once, from real reports. */
const field = (name: string): string | undefined => fixtureText(`field/${name}`);

const SLOT = 447_200_010;

/** The verdict on a trade whose slot is known, with empty slots around it. */
function verdictOn(signature: string, text: string): Verdict | undefined {
  const block = parseBlockText(text);
  const tracker = new VerdictTracker();
  tracker.addTrade({ id: "own", signature, slot: SLOT });
  const told = (): void => {
    const pools = tracker.poolsAround(SLOT);
    tracker.addSlot(slotSwaps(decodeBlock(block, SLOT), { pools, signatures: new Set([signature]) }));
  };
  told();
  // Its pools are known now.
  told();
  for (const near of [-3, -2, -1, 1, 2, 3]) tracker.addSkipped(SLOT + near);
  tracker.finalize(SLOT + 4);
  return tracker.take().at(-1);
}

const one = field("01-raydium-v4-swap-v2/input.json");
const three = field("01-raydium-v4-swap-v2/input2.json");
const versionOne = field("02-transaction-v1/input.json");
const creatorFees = field("03-raydium-cpmm-creator-fee/input.json");
const sandwiched = field("05-clean-though-legs-unread/input.json");
const route = field("06-route-hops-unread/input.json");
const unrecorded = field("08-inner-instructions-null/input.json");

describe.skipIf(one === undefined)("Raydium v4's swaps of version 2", () => {
  test("are decoded", () => {
    const { swaps, undecoded } = decodeBlock(parseBlockText(one ?? ""), null);
    expect(undecoded).toEqual([]);
    expect(swaps).toMatchObject([
      {
        protocol: "RaydiumV4",
        pool: "EXfpndEFLDYdvkhS7cvuGd6yzzbQcFiFE5EUsVQkb4Nt",
        tokenIn: "So11111111111111111111111111111111111111112",
        amountIn: 10_000_000n,
        amountOut: 4_036_960_523n,
        signer: "AWHZRqDM6h8WkbYTrhDVW5Rpp8CkcsWsKtWVGwvw3rSB",
        fee: { priority: 6_785n },
      },
    ]);
  });

  test("are replayed: a sandwich of three, with its loss to the atom", () => {
    const { swaps } = decodeBlock(parseBlockText(three ?? ""), 2);
    const { sandwiches } = detectSandwiches(swaps);
    expect(sandwiches).toMatchObject([
      { profit: { atoms: 453_869_828n }, loss: { atoms: 216_188_960_108n } },
    ]);
  });

  test("around a trade make it impacted", () => {
    const trade = "2k4s4eeHyqzpU5BmPN2rsyiYNjrej1KaJu4uvwgKTa5SPHjEs1QBnue45T3xqDxBAKWSBLNdKzto4qdpojgQQ93W";
    expect(verdictOn(trade, sandwiched ?? "")).toMatchObject({
      verdict: "impacted",
      loss: { atoms: 41_415_652_518n },
    });
  });

  test("of a tag that nobody knows yet make it unknown, and never clean", () => {
    const trade = "2k4s4eeHyqzpU5BmPN2rsyiYNjrej1KaJu4uvwgKTa5SPHjEs1QBnue45T3xqDxBAKWSBLNdKzto4qdpojgQQ93W";
    const verdict = verdictOn(trade, withTag(sandwiched ?? "", 42));
    expect(verdict).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("unknown instruction tag 42"),
    });
  });
});

/** The legs, made of an instruction that is not known. */
function withTag(text: string, tag: number): string {
  const answer = JSON.parse(text) as { result?: RawAnswer } & RawAnswer;
  const block = answer.result ?? answer;
  for (const { transaction } of block.transactions) {
    for (const instruction of transaction.message.instructions) {
      if (instruction.accounts.length === 8) instruction.data = tagged(tag);
    }
  }
  return JSON.stringify(answer);
}

interface RawAnswer {
  readonly transactions: readonly {
    readonly transaction: {
      readonly message: { readonly instructions: { accounts: number[]; data: string }[] };
    };
  }[];
}

/** Base58 of one byte. */
function tagged(tag: number): string {
  return "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".charAt(tag);
}

test.skipIf(versionOne === undefined)(
  "a transaction of version 1 is read, with the fee that it names",
  () => {
    const { swaps } = decodeBlock(parseBlockText(versionOne ?? ""), null);
    expect(swaps).toMatchObject([
      { amountIn: 10_000_000n, amountOut: 4_036_960_523n, fee: { priority: 50_000n, base: 5_000n } },
    ]);
  },
);

const routed = "2PXo74Dt7KM1rjoAcpv5xPc7b9MJTmW94vDqh5nNdp1Jrmz4KzDFB5oqi8SZ3v44pbUsosKhog1KQaT8Y58y8bam";

describe.skipIf(route === undefined)("a route over SolFi, Obric and Whirlpool", () => {
  test("is decoded hop by hop, with the amounts of the source", () => {
    const { hops } = JSON.parse(field("06-route-hops-unread/expected.json") ?? "{}") as { hops: Hop[] };
    const { swaps, undecoded, unread } = decodeBlock(parseBlockText(route ?? ""), SLOT);
    expect([undecoded, unread]).toEqual([[], []]);
    expect(swaps).toHaveLength(3);
    for (const [at, { tokenIn, amountIn, tokenOut, amountOut }] of hops.entries()) {
      const amounts = { amountIn: BigInt(amountIn), amountOut: BigInt(amountOut) };
      expect(swaps[at]).toMatchObject({ tokenIn, tokenOut, ...amounts });
    }
    expect(verdictOn(routed, route ?? "")).toMatchObject({ verdict: "clean", confidence: "high" });
  });
});

interface Hop {
  readonly tokenIn: string;
  readonly amountIn: string;
  readonly tokenOut: string;
  readonly amountOut: string;
}

describe.skipIf(route === undefined)("a route whose hops are not all decoded", () => {
  /** The route with two programs in place of SolFi and Obric that nobody knows. */
  const other = {
    solfi: "SoMeoNe11111111111111111111111111111111111",
    obric: "E1seWho11111111111111111111111111111111111",
  };
  const unknown = route
    ?.replaceAll("SoLFiHG9TfgtdUXUjWAxi3LtvYuFyDLVhBWxdMZxyCe", other.solfi)
    .replaceAll("obriQD1zbpyLz95G5n7nJe6a4DPjpFwa5XYPoNm113y", other.obric);

  test("is unknown, and says which hop", () => {
    expect(verdictOn(routed, unknown ?? "")).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining(`${other.solfi} swapped, and is not decoded`),
    });
  });

  test("shows what they exchanged", () => {
    const { unread } = decodeBlock(parseBlockText(unknown ?? ""), SLOT);
    expect(unread.map(({ program, exchange }) => [program, exchange?.amountIn, exchange?.amountOut])).toEqual(
      [
        [other.solfi, 49_563n, 543_506n],
        [other.obric, 543_506n, 3_679_489n],
      ],
    );
  });
});

test.skipIf(unrecorded === undefined)(
  "a transaction that was not recorded in full hides no other's swaps",
  () => {
    const block: Block = parseBlockText(unrecorded ?? "");
    const { swaps, undecoded, unread } = decodeBlock(block, null);
    expect([swaps.length, undecoded.length, unread.length]).toEqual([1, 0, 0]);
  },
);

describe.skipIf(creatorFees === undefined)("Raydium CPMM with fees that stay in the vaults", () => {
  test.each([
    ["creator_both_unclaimed", 174_782_852_707n, "25 bps and 10 bps for the creator"],
    [
      "creator_token0",
      174_782_852_707n,
      "25 bps and 10 bps in So11111111111111111111111111111111111111112 for the creator",
    ],
    ["plain_2pct_unclaimed", 175_122_550_171n, "25 bps (RaydiumCPMM)"],
  ])("%s: the loss is the replay without the bot", (name, lost, fee) => {
    const one = readInput(creatorFees ?? "", "input.json").find((each) => each.name === name);
    const { sandwiches } = detectSandwiches(one?.swaps ?? []);
    const [{ loss, evidence } = { loss: null, evidence: [] }] = sandwiches;
    expect(sandwiches).toHaveLength(1);
    expect(evidence.find(({ kind }) => kind === "fee")?.detail).toContain(fee);
    const off = Number((loss?.atoms ?? 0n) - lost);
    expect(loss?.residual).toBeLessThan(2e-8);
    expect(Math.abs(off) / Number(lost)).toBeLessThanOrEqual(loss?.residual ?? 0);
  });
});
