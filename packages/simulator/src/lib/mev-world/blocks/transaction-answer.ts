import { JITO_TIP_ACCOUNT } from "../../solana/tip-account.ts";
import type { Pass } from "../chain/transaction.ts";
import type { TransactionAnswer } from "./answer.ts";
import { type Move, tokenBalances } from "./balances.ts";
import type { PlainInstruction } from "./instruction.ts";
import { Keys } from "./keys.ts";

/** A transaction that swaps, before its accounts have indices. */
export interface PlainTransaction {
  readonly signature: string;
  readonly blockhash: string;
  readonly signer: string;
  /** Owner of the token accounts. */
  readonly owner: string;
  readonly top: readonly PlainInstruction[];
  /** Instructions called by the one at `main`. */
  readonly inner: readonly PlainInstruction[];
  readonly main: number;
  /** The program's error code at `main`, if it failed. */
  readonly error: number | undefined;
  readonly moves: readonly Move[];
  readonly pass?: Pass | undefined;
  readonly feeLamports: number;
  /** Amount moved to `JITO_TIP_ACCOUNT`. */
  readonly tipLamports: number;
  readonly computeUnits: number;
  /** A lookup table and the accounts loaded from it; undefined for a message without one. */
  readonly table: LookupTable | undefined;
  /** Configuration of a version 1 message; undefined for older versions. */
  readonly config?: { readonly computeUnitLimit: number; readonly priorityFee: number } | undefined;
}

export interface LookupTable {
  readonly address: string;
  readonly accounts: ReadonlyMap<string, "writable" | "readonly">;
}

const RENT = 2_039_280;
const WALLET = 5_000_000_000;

/** The transaction as returned by `getBlock`. */
export function transactionAnswer(plain: PlainTransaction): TransactionAnswer {
  const { top, inner, main, error, table, feeLamports, config } = plain;
  const keys = new Keys(plain.signer, [...top, ...inner], (account) => table?.accounts.get(account));
  const err = error === undefined ? null : ({ InstructionError: [main, { Custom: error }] } as const);
  const instructions = inner.map((instruction) => keys.instruction(instruction));
  return {
    version: config !== undefined ? 1 : table === undefined ? "legacy" : 0,
    transaction: {
      signatures: [plain.signature],
      message: {
        header: { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 0 },
        accountKeys: keys.own,
        recentBlockhash: plain.blockhash,
        instructions: top.map((instruction) => keys.instruction(instruction)),
        ...(table !== undefined && { addressTableLookups: [keys.lookup(table.address)] }),
        ...(config !== undefined && {
          transactionConfig: { ...config, heapSize: null, loadedAccountsDataSizeLimit: 65_536 },
        }),
      },
    },
    meta: {
      err,
      status: err === null ? { Ok: null } : { Err: err },
      fee: feeLamports,
      ...lamports(keys, feeLamports, plain.tipLamports),
      innerInstructions: inner.length === 0 ? [] : [{ index: main, instructions }],
      logMessages: logs(top[main]?.program ?? "", error, plain.computeUnits),
      ...tokenBalances(plain.owner, plain.moves, keys, plain.pass),
      rewards: [],
      ...(table !== undefined && {
        loadedAddresses: { writable: keys.writable, readonly: keys.readonly },
      }),
      computeUnitsConsumed: plain.computeUnits,
    },
  };
}

/** Lamports of the accounts. The first pays the fee and the tip; the others hold their rent. */
function lamports(
  keys: Keys,
  fee: number,
  tipLamports: number,
): { preBalances: number[]; postBalances: number[] } {
  const preBalances: number[] = Array.from({ length: keys.count }, (_, index) =>
    index === 0 ? WALLET : RENT,
  );
  const postBalances = [...preBalances];
  postBalances[0] = WALLET - fee - tipLamports;
  if (tipLamports > 0) postBalances[keys.indexOf(JITO_TIP_ACCOUNT)] = RENT + tipLamports;
  return { preBalances, postBalances };
}

function logs(program: string, error: number | undefined, units: number): string[] {
  const end = error === undefined ? "success" : `failed: custom program error: 0x${error.toString(16)}`;
  return [
    `Program ${program} invoke [1]`,
    `Program ${program} consumed ${units} compute units`,
    `Program ${program} ${end}`,
  ];
}
