import { z } from "zod";

/** The parts of a `getBlock` answer that are read. Source: https://solana.com/docs/rpc/http/getblock */
export interface RawBlock {
  readonly blockTime?: number | null | undefined;
  readonly parentSlot?: number | null | undefined;
  readonly rewards?:
    | readonly { readonly pubkey: string; readonly rewardType?: string | null | undefined }[]
    | null
    | undefined;
  readonly transactions: readonly RawTransaction[];
}

export interface RawTransaction {
  /** "legacy" or a number. Left out by nodes that are not asked for versions. */
  readonly version?: unknown;
  readonly transaction: {
    readonly signatures: readonly string[];
    readonly message: {
      readonly accountKeys: readonly string[];
      readonly instructions: readonly RawInstruction[];
      /** Of version 0: accounts that are loaded from look-up tables. */
      readonly addressTableLookups?: readonly unknown[] | null | undefined;
      /** Of version 1 (SIMD-0385). */
      readonly transactionConfig?: { readonly priorityFee?: number | null | undefined } | null | undefined;
    };
  };
  /** null if the node did not record it. */
  readonly meta: RawMeta | null;
}

/** Nodes that do not record everything answer null, or leave the key out. */
export interface RawMeta {
  readonly err?: unknown;
  /** Lamports. */
  readonly fee: number;
  readonly preBalances?: readonly number[] | null | undefined;
  readonly postBalances?: readonly number[] | null | undefined;
  readonly innerInstructions?: readonly RawInner[] | null | undefined;
  readonly preTokenBalances?: readonly RawTokenBalance[] | null | undefined;
  readonly postTokenBalances?: readonly RawTokenBalance[] | null | undefined;
  readonly loadedAddresses?: RawLoadedAddresses | null | undefined;
}

/** What a top-level instruction called. */
export interface RawInner {
  readonly index: number;
  readonly instructions: readonly RawInstruction[];
}

export interface RawLoadedAddresses {
  readonly writable: readonly string[];
  readonly readonly: readonly string[];
}

export interface RawInstruction {
  readonly programIdIndex: number;
  readonly accounts: readonly number[];
  readonly data: string;
  readonly stackHeight?: number | null | undefined;
}

export interface RawTokenBalance {
  readonly accountIndex: number;
  readonly mint: string;
  readonly owner?: string | null | undefined;
  /** Decimal digits, at most 2^64 - 1. */
  readonly uiTokenAmount: { readonly amount: string };
}

const index: z.ZodType<number> = z.int().nonnegative();
const largestAmount = 2n ** 64n - 1n;
const mostDigits = 20;

const instruction: z.ZodType<RawInstruction> = z.object({
  programIdIndex: index,
  accounts: z.array(index),
  data: z.string(),
  stackHeight: index.nullish(),
});

const tokenBalance: z.ZodType<RawTokenBalance> = z.object({
  accountIndex: index,
  mint: z.string(),
  owner: z.string().nullish(),
  uiTokenAmount: z.object({
    amount: z
      .string()
      .regex(/^\d{1,20}$/, { error: "expected a decimal string of at most 20 digits", abort: true })
      .refine(isAmount, "expected at most 18446744073709551615 (2^64 - 1)"),
  }),
});

/** Whether it is a decimal string of at most 2^64 - 1. */
export function isAmount(amount: unknown): boolean {
  if (typeof amount !== "string" || amount.length === 0 || amount.length > mostDigits) return false;
  for (let index = 0; index < amount.length; index++) {
    const code = amount.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return false;
  }
  return amount.length < mostDigits || BigInt(amount) <= largestAmount;
}

/**
 * Checked as a whole, because these are by far the most numerous values. Some exceed what a double holds
 * exactly.
 */
const lamports: z.ZodType<readonly number[]> = z.custom<readonly number[]>(
  isLamports,
  "expected an array of lamports (numbers >= 0)",
);

/** Whether it is an array of numbers from 0 on. */
export function isLamports(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  for (let index = 0; index < value.length; index++) {
    const one: unknown = value[index];
    if (typeof one !== "number" || !(one >= 0)) return false;
  }
  return true;
}

/** Its items do not matter. */
const someArray: z.ZodType<readonly unknown[] | null | undefined> = z
  .custom<readonly unknown[] | null>((value) => value === null || Array.isArray(value), "expected an array")
  .optional();

const transaction: z.ZodType<RawTransaction> = z.object({
  version: z.unknown().optional(),
  transaction: z.object({
    signatures: z.array(z.string()).min(1, "expected at least one signature"),
    message: z.object({
      accountKeys: z.array(z.string()).min(1, "expected at least one account"),
      instructions: z.array(instruction),
      addressTableLookups: someArray,
      transactionConfig: z.object({ priorityFee: z.int().nonnegative().nullish() }).nullish(),
    }),
  }),
  meta: z
    .object({
      err: z.unknown().optional(),
      fee: z.int().nonnegative(),
      preBalances: lamports.nullish(),
      postBalances: lamports.nullish(),
      innerInstructions: z.array(z.object({ index, instructions: z.array(instruction) })).nullish(),
      preTokenBalances: z.array(tokenBalance).nullish(),
      postTokenBalances: z.array(tokenBalance).nullish(),
      loadedAddresses: z.object({ writable: z.array(z.string()), readonly: z.array(z.string()) }).nullish(),
    })
    .nullable(),
});

export const blockSchema: z.ZodType<RawBlock> = z.object({
  blockTime: z.int().nullish(),
  parentSlot: index.nullish(),
  rewards: z.array(z.object({ pubkey: z.string(), rewardType: z.string().nullish() })).nullish(),
  transactions: z.array(transaction),
});
