import { base58 } from "@scure/base";
import { transferData } from "./build-transaction.ts";

/** Small `getBlock` answers for tests: one pool of SOL and a token, and a trader who swaps in it. */
export const SOL = "So11111111111111111111111111111111111111112";
export const TOKEN = "TokenMint1111111111111111111111111111111111";
const tokenProgram = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";

/** One of Jito's tip accounts. */
const JITO_TIP = "96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5";

const raydiumV4 = "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8";

/** Programs that swap; their own names are in the tables of packages/mev. */
const swapPrograms = [
  raydiumV4,
  "CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C",
  "CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK",
  "whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc",
  "pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA",
  "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P",
  "LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo",
  "cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG",
  "Eo7WjKq67rjJQSZxS6z3YkapzY3eMj6Xy8X5EQVn5UaB",
  "dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN",
  "LanMV9sAd7wArD4vJFi2qDdfnVhFxYSUg6eADduJ3uj",
  "MoonCVVNZFSYkqNXP6bxHLPL6QQJiMagDL3qcqUQTrG",
  "PhoeNiXZ8ByJGLkxNfZRnkUfjvmuYqLR89jjFHGqdXY",
  "opnb2LAfJYbRMAHHvqjCwQxanZn7ReEHp1k81EohpZb",
  "9H6tua7jkLhdm3w8BvgpTn5LZNU7g4ZynDmCiNN3q6Rp",
  "SoLFiHG9TfgtdUXUjWAxi3LtvYuFyDLVhBWxdMZxyCe",
  "SV2EYYJyRz2YhfXwXnhNAevDEui5Q6yrfyo13WtupPF",
  "TessVdML9pBGgG9yGks7o4HewRaXVAMuoVj4x83GLQH",
  "ZERor4xhbUycZ6gb9ntrhqscUcZmAbQDjEAtCf4hbZY",
  "goonERTdGsjnkZqWuVjs73BZ3Pb9qoCUdBUL17BnS5j",
  "goonuddtQRrWqqn5nFyczVKaie28f3kDkHWkHtURSLE",
  "BiSoNHVpsVZW2F7rx2eQ59yQwKxzU5NvBcmKshCSUypi",
  "ALPHAQmeA7bjrVuccPsYPiCvsi428SNwte66Srvs4pHA",
];

/**
 * Account keys. The position in this list is the index in instructions. The pool's accounts come from a
 * lookup table.
 */
const own = [
  "trader",
  JITO_TIP,
  "11111111111111111111111111111111",
  "traderSol",
  "traderToken",
  tokenProgram,
  "router",
  "other",
  "feeAccountSol",
  ...swapPrograms,
];
const loaded = {
  writable: ["pool", "vaultSol", "vaultToken", "pool2", "vaultSol2", "vaultToken2", "tokenMint", SOL],
  readonly: ["authority"],
};
const all = [...own, ...loaded.writable, ...loaded.readonly];
export const keyIndex = (name: string): number => all.indexOf(name);

export interface BuiltInstruction {
  programIdIndex: number;
  accounts: number[];
  data: string;
  stackHeight?: number | null;
}

export function raydiumSwap(
  options: { accounts?: number; tag?: number; height?: number | null; pool?: string } = {},
): BuiltInstruction {
  // SwapBaseInV2 and SwapBaseOutV2 list fewer accounts.
  const isShort = options.tag === 16 || options.tag === 17;
  const count = options.accounts ?? (isShort ? 8 : 18);
  const accounts = Array.from({ length: count }, () => keyIndex("other"));
  accounts[0] = keyIndex(tokenProgram);
  accounts[1] = keyIndex(options.pool ?? "pool");
  const first = isShort ? 3 : count === 17 ? 4 : 5;
  accounts[first] = keyIndex("vaultSol");
  accounts[first + 1] = keyIndex("vaultToken");
  const data = new Uint8Array(17);
  data[0] = options.tag ?? 9;
  return {
    programIdIndex: keyIndex(raydiumV4),
    accounts,
    data: base58.encode(data),
    stackHeight: options.height === undefined ? 1 : options.height,
  };
}

/** An instruction of a program built with Anchor, with the named accounts at the given positions. */
export function anchorInstruction(
  program: string,
  discriminator: bigint,
  accountsAt: Readonly<Record<number, string>>,
  options: { height?: number | null; bytes?: number } = {},
): BuiltInstruction {
  const data = new DataView(new ArrayBuffer(options.bytes ?? 24));
  data.setBigUint64(0, discriminator);
  const count = Math.max(-1, ...Object.keys(accountsAt).map(Number)) + 1;
  return {
    programIdIndex: keyIndex(program),
    accounts: Array.from({ length: count }, (_, at) => keyIndex(accountsAt[at] ?? "other")),
    data: base58.encode(new Uint8Array(data.buffer)),
    stackHeight: options.height === undefined ? 1 : options.height,
  };
}

/** An instruction of a program whose data begin with a tag of one byte, with the named accounts at the given positions. */
export function taggedInstruction(
  program: string,
  data: readonly number[],
  accounts: readonly string[],
  height: number | null = 1,
): BuiltInstruction {
  return {
    programIdIndex: keyIndex(program),
    accounts: accounts.map(keyIndex),
    data: base58.encode(Uint8Array.from(data)),
    stackHeight: height,
  };
}

/** A Token-2022 transfer that contains the fee withheld by the mint. */
export function transferWithFee(from: string, to: string, amount: bigint, fee: bigint): BuiltInstruction {
  const data = new DataView(new ArrayBuffer(19));
  data.setUint8(0, 26);
  data.setUint8(1, 1);
  data.setBigUint64(2, amount, true);
  data.setBigUint64(11, fee, true);
  return {
    ...transfer(from, to, amount, { checked: true }),
    data: base58.encode(new Uint8Array(data.buffer)),
  };
}

export function transfer(
  from: string,
  to: string,
  amount: bigint,
  options: { height?: number | null; checked?: boolean } = {},
): BuiltInstruction {
  const data = new Uint8Array(options.checked ? 10 : 9);
  data[0] = options.checked ? 12 : 3;
  new DataView(data.buffer).setBigUint64(1, amount, true);
  const accounts = options.checked
    ? [keyIndex(from), keyIndex("other"), keyIndex(to), keyIndex("trader")]
    : [keyIndex(from), keyIndex(to), keyIndex("trader")];
  return {
    programIdIndex: keyIndex(tokenProgram),
    accounts,
    data: base58.encode(data),
    stackHeight: options.height === undefined ? 2 : options.height,
  };
}

export function tip(lamports: bigint): BuiltInstruction {
  const programIdIndex = keyIndex("11111111111111111111111111111111");
  const accounts = [keyIndex("trader"), keyIndex(JITO_TIP)];
  return { programIdIndex, accounts, data: base58.encode(transferData(lamports)), stackHeight: 1 };
}

/** A lamport transfer by the System program. */
export function lamportTransfer(from: string, to: string, lamports: bigint): BuiltInstruction {
  return { ...tip(lamports), accounts: [keyIndex(from), keyIndex(to)], stackHeight: 2 };
}

export function call(program: string, height: number | null = 1): BuiltInstruction {
  return { programIdIndex: keyIndex(program), accounts: [], data: "", stackHeight: height };
}

export interface BuiltTransaction {
  signatures: string[];
  instructions: BuiltInstruction[];
  inner?: Record<number, BuiltInstruction[]>;
  /** Balances before and after, by account. */
  balances?: Record<string, readonly [bigint, bigint]>;
  /** Lamports before and after, by account; 0 for all others. */
  lamports?: Record<string, readonly [number, number]>;
  fee?: number;
  err?: unknown;
  version?: "legacy" | 0;
}

function tokenBalances(balances: Record<string, readonly [bigint, bigint]>, side: 0 | 1): object[] {
  return Object.entries(balances).map(([account, amounts]) => ({
    accountIndex: keyIndex(account),
    mint: account.includes("Sol") ? SOL : TOKEN,
    owner: account.startsWith("vault") ? "authority" : `owner of ${account}`,
    programId: tokenProgram,
    uiTokenAmount: { amount: String(amounts[side]), decimals: 9, uiAmount: null, uiAmountString: "" },
  }));
}

export function builtTransaction(built: BuiltTransaction): Record<string, unknown> {
  const legacy = built.version === "legacy";
  const balances = built.balances ?? {};
  return {
    version: built.version ?? 0,
    transaction: {
      signatures: built.signatures,
      message: {
        accountKeys: legacy ? all : own,
        instructions: built.instructions,
        recentBlockhash: "x",
      },
    },
    meta: {
      err: built.err ?? null,
      fee: built.fee ?? 5000,
      innerInstructions: Object.entries(built.inner ?? {}).map(([index, instructions]) => ({
        index: Number(index),
        instructions,
      })),
      preBalances: all.map((name) => built.lamports?.[name]?.[0] ?? 0),
      postBalances: all.map((name) => built.lamports?.[name]?.[1] ?? 0),
      preTokenBalances: tokenBalances(balances, 0),
      postTokenBalances: tokenBalances(balances, 1),
      ...(legacy ? {} : { loadedAddresses: loaded }),
    },
  };
}

export function builtBlock(...transactions: BuiltTransaction[]): Record<string, unknown> {
  return { blockTime: 1_700_000_000, parentSlot: 41, transactions: transactions.map(builtTransaction) };
}

/** A trader pays 1000 lamports of wrapped SOL and receives 500 atoms of the token. */
export function simpleSwap(over: Partial<BuiltTransaction> = {}): BuiltTransaction {
  return {
    signatures: ["sig"],
    instructions: [raydiumSwap()],
    inner: { 0: [transfer("traderSol", "vaultSol", 1000n), transfer("vaultToken", "traderToken", 500n)] },
    balances: {
      vaultSol: [10_000n, 11_000n],
      vaultToken: [5_000n, 4_500n],
      traderSol: [1_000n, 0n],
      traderToken: [0n, 500n],
    },
    fee: 7_500,
    ...over,
  };
}
