import { base58 } from "@scure/base";
import { parseBlock } from "@slipstream/solana/block";
import { fixtureText, realBlockName } from "@slipstream/testing/fixtures";
import { Random } from "@slipstream/testing/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecodedBlock, decodeBlock } from "../swaps/decode-block.ts";
import type { Verdict } from "./model.ts";
import { wholeSlot } from "./slot-swaps.ts";
import { VerdictTracker } from "./verdict-tracker.ts";

const SLOT = 285_000_037;

interface RawInstruction {
  programIdIndex: number;
  data: string;
  accounts: number[];
  stackHeight?: number | null;
}

interface RawBalance {
  readonly accountIndex: number;
  owner?: string;
}

interface RawTransaction {
  readonly transaction: {
    readonly signatures: string[];
    readonly message: { readonly accountKeys: string[]; instructions: RawInstruction[] };
  };
  readonly meta: {
    innerInstructions: { index: number; instructions: RawInstruction[] }[] | null;
    preTokenBalances: RawBalance[];
    postTokenBalances: RawBalance[];
    readonly loadedAddresses: { readonly writable: string[]; readonly readonly: string[] };
  };
}

type Change = (transaction: RawTransaction, random: Random) => void;

/** What nodes leave out, and what programs may do tomorrow. */
const changes: Readonly<Record<string, Change>> = {
  "without inner instructions": ({ meta }) => {
    meta.innerInstructions = [];
  },
  "with inner instructions not recorded": ({ meta }) => {
    meta.innerInstructions = null;
  },
  "without what one instruction called": ({ meta }, random) => {
    meta.innerInstructions?.splice(random.int(0, meta.innerInstructions.length - 1), 1);
  },
  "without one of the called instructions": ({ meta }, random) => {
    if (!meta.innerInstructions?.length) return;
    const { instructions } = random.pick(meta.innerInstructions);
    instructions.splice(random.int(0, instructions.length - 1), 1);
  },
  "without an instruction": ({ transaction: { message }, meta }, random) => {
    const at = random.int(0, message.instructions.length - 1);
    message.instructions.splice(at, 1);
    meta.innerInstructions = (meta.innerInstructions ?? [])
      .filter(({ index }) => index !== at)
      .map((one) => ({ ...one, index: one.index > at ? one.index - 1 : one.index }));
  },
  "with called instructions in another order": ({ meta }, random) => {
    if (meta.innerInstructions?.length) random.pick(meta.innerInstructions).instructions.reverse();
  },
  "with a program that nobody knows": (one, random) => {
    const { programIdIndex } = random.pick(allOf(one));
    const { accountKeys } = one.transaction.message;
    const { length } = accountKeys;
    const { writable, readonly } = one.meta.loadedAddresses;
    const loaded = programIdIndex - length;
    if (loaded < 0) rename(accountKeys, programIdIndex);
    else if (loaded < writable.length) rename(writable, loaded);
    else rename(readonly, loaded - writable.length);
  },
  "with an instruction that nobody knows": (transaction, random) => {
    const instruction = random.pick(allOf(transaction));
    instruction.data = `zz${instruction.data.slice(2)}`;
  },
  "without the depth of calls": (transaction) => {
    for (const instruction of allOf(transaction)) delete instruction.stackHeight;
  },
  "without token balances": ({ meta }) => {
    [meta.preTokenBalances, meta.postTokenBalances] = [[], []];
  },
  "without the token balances before": ({ meta }) => {
    meta.preTokenBalances = [];
  },
  "without some accounts' balances": ({ meta }, random) => {
    const gone = new Set(meta.preTokenBalances.map(({ accountIndex }) => accountIndex));
    for (const account of gone) if (random.chance(0.5)) gone.delete(account);
    const isKept = ({ accountIndex }: RawBalance): boolean => !gone.has(accountIndex);
    meta.preTokenBalances = meta.preTokenBalances.filter(isKept);
    meta.postTokenBalances = meta.postTokenBalances.filter(isKept);
  },
  "without the owners of token accounts": ({ meta }) => {
    for (const balance of [...meta.preTokenBalances, ...meta.postTokenBalances]) delete balance.owner;
  },
};

function allOf({ transaction: { message }, meta }: RawTransaction): RawInstruction[] {
  return [
    ...message.instructions,
    ...(meta.innerInstructions ?? []).flatMap(({ instructions }) => instructions),
  ];
}

function rename(keys: string[], at: number): void {
  keys[at] = `Un${keys[at]?.slice(2)}`;
}

const text = fixtureText(realBlockName);
const answer = JSON.parse(text ?? '{"transactions":[]}') as { transactions: RawTransaction[] };
const block = parseBlock(answer);
const original = decodeBlock(block, SLOT);
const own = new Set([...original.swaps, ...original.attempted].map(({ signature }) => signature));
const trading = answer.transactions.filter(({ transaction }) => own.has(transaction.signatures[0] ?? ""));

/** What each transaction's swaps added to a pool, by token. */
function movesOf({ swaps }: DecodedBlock): Map<string, Map<string, bigint>> {
  const moves = new Map<string, Map<string, bigint>>();
  for (const { signature, pool, tokenIn, tokenOut, amountIn, amountOut } of swaps) {
    const key = `${signature} ${pool}`;
    const gained = moves.get(key) ?? new Map<string, bigint>();
    gained.set(tokenIn, (gained.get(tokenIn) ?? 0n) + amountIn);
    gained.set(tokenOut, (gained.get(tokenOut) ?? 0n) - amountOut);
    moves.set(key, gained);
  }
  return moves;
}

function verdictsOn(transactions: readonly RawTransaction[]): { verdicts: Verdict[]; decoded: DecodedBlock } {
  const changed = parseBlock({ ...answer, transactions });
  const decoded = decodeBlock(changed, SLOT);
  const tracker = new VerdictTracker();
  for (const signature of own) tracker.addTrade({ id: signature, signature, slot: SLOT });
  tracker.addSlot(wholeSlot(decoded));
  for (const near of [-3, -2, -1, 1, 2, 3]) tracker.addSkipped(SLOT + near);
  tracker.finalize(SLOT + 4);
  return { verdicts: tracker.take(), decoded };
}

/** The clean trades in pools that a changed transaction moved, though that is no longer read. */
function wronglyClean(transactions: readonly RawTransaction[]): string[] {
  const { verdicts, decoded } = verdictsOn(transactions);
  const [before, after] = [movesOf(original), movesOf(decoded)];
  const lost = new Set<string>();
  for (const [key, gained] of before) {
    const read = after.get(key);
    // What undoes itself moved nothing.
    const isUndone = read === undefined && [...gained.values()].includes(0n);
    const isRead = [...gained].every(([token, atoms]) => read?.get(token) === atoms);
    if (!isRead && !isUndone) lost.add(key.split(" ")[1] ?? "");
  }
  const pools = new Map<string, string[]>();
  for (const { signature, pool } of original.swaps)
    pools.set(signature, [...(pools.get(signature) ?? []), pool]);
  return verdicts
    .filter(
      ({ verdict, signature }) => verdict === "clean" && pools.get(signature)?.some((pool) => lost.has(pool)),
    )
    .map(({ signature }) => signature);
}

describe.skipIf(text === undefined)("the real block with a part of its transactions", () => {
  it("as nodes may leave it: no trade is clean in a pool that something unread moved", () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0.01, max: 0.5, noNaN: true }), (seed, share) => {
        const random = new Random(seed);
        const transactions = trading.map((one) => {
          if (!random.chance(share)) return one;
          const copy = structuredClone(one);
          random.pick(Object.values(changes))(copy, random);
          return copy;
        });
        expect(wronglyClean(transactions)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it("moved by batches of the token program: everything is read as before", () => {
    const transactions = trading.map(batched);
    const { decoded } = verdictsOn(transactions);
    const amounts = ({ swaps }: DecodedBlock): unknown[] =>
      swaps.map(({ signature, pool, amountIn, amountOut, payer }) => [
        signature,
        pool,
        amountIn,
        amountOut,
        payer,
      ]);
    expect(transactions.filter((one, at) => one !== trading[at]).length).toBeGreaterThan(50);
    expect(amounts(decoded)).toEqual(amounts(original));
    expect([decoded.undecoded, decoded.unread]).toEqual([[], []]);
  });
});

const tokenProgram = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";

/** The transaction with calls of the token program that follow each other put into one batch. */
function batched(one: RawTransaction): RawTransaction {
  const copy = structuredClone(one);
  const { accountKeys } = copy.transaction.message;
  const keys = [...accountKeys, ...copy.meta.loadedAddresses.writable, ...copy.meta.loadedAddresses.readonly];
  let isChanged = false;
  for (const list of copy.meta.innerInstructions ?? []) {
    const merged: RawInstruction[][] = [];
    for (const instruction of list.instructions) {
      const last = merged.at(-1);
      const [first] = last ?? [];
      const isToken = keys[instruction.programIdIndex] === tokenProgram;
      const follows =
        first?.programIdIndex === instruction.programIdIndex && first.stackHeight === instruction.stackHeight;
      if (isToken && follows) last?.push(instruction);
      else merged.push([instruction]);
    }
    isChanged ||= merged.some(({ length }) => length > 1);
    list.instructions = merged.flatMap((parts) => (parts.length > 1 ? [batchOf(parts)] : parts));
  }
  return isChanged ? copy : one;
}

function batchOf(parts: readonly RawInstruction[]): RawInstruction {
  const bytes = parts.map(({ data }) => base58.decode(data));
  const data = [255, ...bytes.flatMap((one, at) => [parts[at]?.accounts.length ?? 0, one.length, ...one])];
  const [first] = parts;
  if (first === undefined) throw new Error("a batch has at least one instruction");
  return {
    ...first,
    accounts: parts.flatMap(({ accounts }) => accounts),
    data: base58.encode(Uint8Array.from(data)),
  };
}
