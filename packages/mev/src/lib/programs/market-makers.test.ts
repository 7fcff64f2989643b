import { parseBlock } from "@slipstream/solana/block";
import {
  type BuiltInstruction,
  type BuiltTransaction,
  builtBlock,
  builtTransaction,
  call,
  keyIndex,
  SOL,
  TOKEN,
  taggedInstruction,
  transfer,
} from "@slipstream/testing/build-block";
import { describe, expect, it } from "vitest";
import { detectSandwiches } from "../sandwich/detect.ts";
import { type DecodedBlock, decodeBlock } from "../swaps/decode-block.ts";
import { swapDecoders } from "./decoders.ts";

const decode = (...transactions: BuiltTransaction[]): DecodedBlock =>
  decodeBlock(parseBlock(builtBlock(...transactions)), 42);

/** The accounts that a swap lists, in the order of the sources, and the tags of its data. */
const layouts: readonly [protocol: string, tags: readonly number[], accounts: string][] = [
  ["HumidiFi", [0, 99, 250], "user pool vaultSol vaultToken traderSol traderToken token sysvar clock"],
  ["SolFi", [7], "user pool vaultSol vaultToken traderSol traderToken token sysvar"],
  ["SolFiV2", [7, 14], "user pool oracle config vaultSol vaultToken traderSol traderToken mint mint"],
  ["TesseraV", [16, 17], "global pool user vaultSol vaultToken traderSol traderToken mint mint"],
  ["ZeroFi", [6], "pool infoBase vaultSol infoQuote vaultToken traderSol traderToken user token"],
  ["GoonFi", [2], "user pool traderSol traderToken vaultSol vaultToken global token sysvar"],
  ["GoonFiV2", [1], "user pool traderSol traderToken vaultSol vaultToken mint mint oracle blacklist"],
  ["BisonFi", [2, 7], "user pool vaultSol vaultToken traderSol traderToken token token logger"],
  ["AlphaQ", [12], "user pool state traderSol traderToken vaultSol vaultToken authority authority"],
];

interface SwapOptions {
  readonly tag?: number;
  readonly inner?: BuiltInstruction[];
  readonly err?: unknown;
  readonly signature?: string;
  readonly balances?: BuiltTransaction["balances"];
}

/** Accounts that the built block does not have are one that it has. */
function named(accounts: string): string[] {
  return accounts.split(" ").map((name) => (keyIndex(name) === -1 ? "other" : name));
}

const pays = [transfer("traderSol", "vaultSol", 1000n), transfer("vaultToken", "traderToken", 500n)];
const paidBalances = {
  vaultSol: [10_000n, 11_000n],
  vaultToken: [5_000n, 4_500n],
  traderSol: [1_000n, 0n],
  traderToken: [0n, 500n],
} as const;

function swapOf(protocol: string, options: SwapOptions = {}): BuiltTransaction {
  const [, tags, accounts] = layouts.find(([name]) => name === protocol) ?? ["", [], ""];
  const program = swapDecoders.find((decoder) => decoder.protocol === protocol)?.program ?? "";
  return {
    signatures: [options.signature ?? "sig"],
    instructions: [taggedInstruction(program, [options.tag ?? tags[0] ?? 0, 1, 2, 3], named(accounts))],
    inner: { 0: options.inner ?? pays },
    balances: options.balances ?? paidBalances,
    err: options.err,
  };
}

describe.each(layouts)("a swap of %s", (protocol, tags) => {
  it("is read from the token transfers through its vaults, in both directions", () => {
    for (const tag of tags) {
      const { swaps, undecoded, unread } = decode(swapOf(protocol, { tag }));
      expect(swaps).toMatchObject([
        {
          protocol,
          pool: "pool",
          tokenIn: SOL,
          tokenOut: TOKEN,
          amountIn: 1000n,
          amountOut: 500n,
          payer: "owner of traderSol",
          recipient: "owner of traderToken",
        },
      ]);
      // What the maker would have quoted is not what the vaults hold.
      expect(swaps[0]?.reserves).toBeUndefined();
      expect([undecoded, unread]).toEqual([[], []]);
    }
    const back = swapOf(protocol, {
      inner: [transfer("traderToken", "vaultToken", 70n), transfer("vaultSol", "traderSol", 139n)],
      balances: { vaultSol: [10_000n, 9_861n], vaultToken: [5_000n, 5_070n] },
    });
    expect(decode(back).swaps).toMatchObject([{ tokenIn: TOKEN, amountIn: 70n, amountOut: 139n }]);
  });

  it("is an attempt if it failed", () => {
    const { swaps, attempted } = decode(swapOf(protocol, { err: "failed" }));
    expect([swaps, attempted.map(({ pool }) => pool)]).toEqual([[], ["pool"]]);
  });

  it("is unread, with every account that it lists, if its tokens moved through other vaults", () => {
    const elsewhere = swapOf(protocol, {
      inner: [transfer("traderSol", "vaultSol2", 1000n), transfer("vaultToken2", "traderToken", 500n)],
      balances: {
        vaultSol2: [0n, 1000n],
        vaultToken2: [500n, 0n],
        traderSol: [1000n, 0n],
        traderToken: [0n, 500n],
      },
    });
    const { swaps, undecoded, unread } = decode(elsewhere);
    expect([swaps, undecoded]).toEqual([[], []]);
    expect(unread).toMatchObject([{ id: "sig:0", exchange: { amountIn: 1000n, amountOut: 500n } }]);
    expect(unread[0]?.accounts).toContain("pool");
  });

  it("is none if nothing moved, or if the maker filled or emptied its vaults", () => {
    const still = swapOf(protocol, { inner: [], balances: {} });
    const filled = swapOf(protocol, {
      signature: "b",
      inner: [transfer("traderSol", "vaultSol", 1000n), transfer("traderToken", "vaultToken", 500n)],
      balances: { vaultSol: [0n, 1000n], vaultToken: [0n, 500n], traderSol: [1000n, 0n] },
    });
    const { swaps, undecoded, unread } = decode(still, filled);
    expect([swaps, undecoded, unread]).toEqual([[], [], []]);
  });
});

describe("a market maker's pool", () => {
  it("leaves an instruction with an unknown tag, or with more than two tokens, unread", () => {
    const third = transfer("feeAccountSol", "other", 1n);
    const newTag = swapOf("SolFiV2", { tag: 99 });
    const three = swapOf("SolFiV2", {
      signature: "three",
      inner: [...pays, third],
    });
    const built = builtBlock(newTag, three) as { transactions: { meta: Record<string, MintedBalance[]> }[] };
    // A token of its own in the second transaction.
    for (const [side, amount] of Object.entries({ preTokenBalances: "1", postTokenBalances: "0" })) {
      const account = { mint: "ThirdMint", owner: "someone", uiTokenAmount: { amount, decimals: 0 } };
      built.transactions[1]?.meta[side]?.push({ ...account, accountIndex: keyIndex("feeAccountSol") });
    }
    const { swaps, undecoded, unread } = decodeBlock(parseBlock(built), 42);
    expect([swaps, undecoded]).toEqual([[], []]);
    expect(unread.map(({ id, name }) => [id, name])).toEqual([
      ["sig:0", "SolFi V2"],
      ["three:0", "SolFi V2"],
    ]);
  });

  it("may be used twice in one transaction, and beside others by one router", () => {
    const [, , solfi] = layouts.find(([name]) => name === "SolFiV2") ?? ["", [], ""];
    const [, , bison] = layouts.find(([name]) => name === "BisonFi") ?? ["", [], ""];
    const program = (name: string): string =>
      swapDecoders.find(({ protocol }) => protocol === name)?.program ?? "";
    const swapIn = (name: string, accounts: string): BuiltInstruction =>
      taggedInstruction(program(name), [7, 0], named(accounts), 2);
    const second = bison
      .replace("pool", "pool2")
      .replace("vaultSol", "vaultSol2")
      .replace("vaultToken", "vaultToken2");
    const moved = (from: string, to: string, amount: bigint): BuiltInstruction =>
      transfer(from, to, amount, { height: 3 });
    const { swaps, undecoded, unread } = decode({
      signatures: ["sig"],
      instructions: [call("router")],
      inner: {
        0: [
          swapIn("SolFiV2", solfi),
          moved("traderSol", "vaultSol", 1000n),
          moved("vaultToken", "traderToken", 500n),
          swapIn("BisonFi", second),
          moved("traderToken", "vaultToken2", 500n),
          moved("vaultSol2", "traderSol", 1010n),
          swapIn("SolFiV2", solfi),
          moved("traderSol", "vaultSol", 300n),
          moved("vaultToken", "traderToken", 149n),
        ],
      },
      balances: {
        vaultSol: [10_000n, 11_300n],
        vaultToken: [5_000n, 4_351n],
        vaultSol2: [9_000n, 7_990n],
        vaultToken2: [4_000n, 4_500n],
        traderSol: [1_000n, 710n],
        traderToken: [0n, 149n],
      },
    });
    expect([undecoded, unread]).toEqual([[], []]);
    expect(swaps.map(({ id, pool, amountIn, amountOut }) => [id, pool, amountIn, amountOut])).toEqual([
      ["sig:0.0", "pool", 1000n, 500n],
      ["sig:0.3", "pool2", 500n, 1010n],
      ["sig:0.6", "pool", 300n, 149n],
    ]);
  });

  it("got what a mint's transfer fee left, and not what the trader sent", () => {
    // The vault's balance shows the fee that the mint withheld.
    const withheld = swapOf("HumidiFi", { balances: { ...paidBalances, vaultSol: [10_000n, 10_990n] } });
    expect(decode(withheld).swaps).toMatchObject([{ amountIn: 990n, feeIn: 10n, amountOut: 500n }]);
  });

  it("is sandwiched though its maker quotes anew in between; the loss is not replayable", () => {
    const trade = (signature: string, signer: string, inner: BuiltInstruction[], vaults: Vaults): object => {
      const built = swapOf("HumidiFi", { signature, inner, balances: vaults });
      const own = JSON.stringify(builtTransaction(built))
        .replaceAll("owner of trader", `owner of ${signer}'s `)
        .replaceAll('"trader"', `"${signer}"`);
      return JSON.parse(own) as object;
    };
    const buy = (paid: bigint, got: bigint): BuiltInstruction[] => [
      transfer("traderSol", "vaultSol", paid),
      transfer("vaultToken", "traderToken", got),
    ];
    const sell = [transfer("traderToken", "vaultToken", 5_000n), transfer("vaultSol", "traderSol", 10_900n)];
    const humidifi = swapDecoders.find(({ protocol }) => protocol === "HumidiFi")?.program ?? "";
    const quote = builtTransaction({
      signatures: ["quote"],
      instructions: [taggedInstruction(humidifi, [1, 2, 3], ["trader", "pool"])],
    });
    const block = {
      ...builtBlock(),
      transactions: [
        trade("front", "attacker", buy(10_000n, 5_000n), {
          vaultSol: [0n, 10_000n],
          vaultToken: [9_000n, 4_000n],
        }),
        quote,
        trade("victim", "someone", buy(2_000n, 950n), {
          vaultSol: [10_000n, 12_000n],
          vaultToken: [4_000n, 3_050n],
        }),
        trade("back", "attacker", sell, { vaultSol: [12_000n, 1_100n], vaultToken: [3_050n, 8_050n] }),
      ],
    };
    const { swaps, undecoded, unread } = decodeBlock(parseBlock(block), 42);
    expect([swaps.length, undecoded, unread]).toEqual([3, [], []]);
    expect(detectSandwiches(swaps).sandwiches).toMatchObject([
      {
        pool: "pool",
        fronts: [{ signature: "front" }],
        victims: [{ signature: "victim" }],
        backs: [{ signature: "back" }],
        loss: null,
        lossReason:
          "not replayable: HumidiFi: prices are quoted by market makers: what they would have quoted is not in the swaps",
      },
    ]);
  });
});

interface MintedBalance {
  readonly accountIndex: number;
  readonly mint: string;
  readonly owner: string;
  readonly uiTokenAmount: { readonly amount: string; readonly decimals: number };
}

type Vaults = Record<string, readonly [bigint, bigint]>;
