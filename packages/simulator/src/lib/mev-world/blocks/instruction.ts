import { u32, u64 } from "@slipstream/solana";

export const SYSTEM = "11111111111111111111111111111111";
export const COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111";
export const TOKEN_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
/** One of Jito's eight accounts for tips. */
export const JITO_TIP_ACCOUNT = "96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5";

/** An instruction before its accounts have numbers. */
export interface PlainInstruction {
  readonly program: string;
  readonly accounts: readonly string[];
  readonly data: Uint8Array;
  /** 1 for a top-level instruction, 2 for one that it calls, ... */
  readonly height: number;
}

export function computeUnitLimit(units: number): PlainInstruction {
  return {
    program: COMPUTE_BUDGET,
    accounts: [],
    data: Buffer.concat([Buffer.from([2]), u32(units)]),
    height: 1,
  };
}

export function computeUnitPrice(microLamports: number): PlainInstruction {
  const data = Buffer.concat([Buffer.from([3]), u64(BigInt(microLamports))]);
  return { program: COMPUTE_BUDGET, accounts: [], data, height: 1 };
}

export function tip(from: string, lamports: number): PlainInstruction {
  const data = Buffer.concat([u32(2), u64(BigInt(lamports))]);
  return { program: SYSTEM, accounts: [from, JITO_TIP_ACCOUNT], data, height: 1 };
}

/** @param checked With the mint and its decimals, as programs of a later make transfer. */
export function transfer(of: {
  readonly from: string;
  readonly to: string;
  readonly authority: string;
  readonly amount: bigint;
  readonly height: number;
  readonly checked?: { readonly mint: string; readonly decimals: number } | undefined;
}): PlainInstruction {
  const { from, to, authority, amount, height, checked } = of;
  return checked === undefined
    ? {
        program: TOKEN_PROGRAM,
        accounts: [from, to, authority],
        data: Buffer.concat([Buffer.from([3]), u64(amount)]),
        height,
      }
    : {
        program: TOKEN_PROGRAM,
        accounts: [from, checked.mint, to, authority],
        data: Buffer.concat([Buffer.from([12]), u64(amount), Buffer.from([checked.decimals])]),
        height,
      };
}
