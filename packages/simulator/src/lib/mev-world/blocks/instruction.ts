import { programId, u32, u64 } from "@slipstream/solana";
import { JITO_TIP_ACCOUNT } from "../../solana/tip-account.ts";

/** An instruction before its accounts have indices. */
export interface PlainInstruction {
  readonly program: string;
  readonly accounts: readonly string[];
  readonly data: Uint8Array;
  /** 1 for a top-level instruction, 2 for one that it calls, and so on. */
  readonly height: number;
}

export function computeUnitLimit(units: number): PlainInstruction {
  return {
    program: programId.computeBudget,
    accounts: [],
    data: Buffer.concat([Buffer.from([2]), u32(units)]),
    height: 1,
  };
}

export function computeUnitPrice(microLamports: number): PlainInstruction {
  const data = Buffer.concat([Buffer.from([3]), u64(BigInt(microLamports))]);
  return { program: programId.computeBudget, accounts: [], data, height: 1 };
}

export function tip(from: string, lamports: number): PlainInstruction {
  const data = Buffer.concat([u32(2), u64(BigInt(lamports))]);
  return { program: programId.system, accounts: [from, JITO_TIP_ACCOUNT], data, height: 1 };
}

/** @param checked Includes the mint and its decimals, as newer programs do. */
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
        program: programId.token,
        accounts: [from, to, authority],
        data: Buffer.concat([Buffer.from([3]), u64(amount)]),
        height,
      }
    : {
        program: programId.token,
        accounts: [from, checked.mint, to, authority],
        data: Buffer.concat([Buffer.from([12]), u64(amount), Buffer.from([checked.decimals])]),
        height,
      };
}
