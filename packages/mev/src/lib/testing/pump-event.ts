import { base58 } from "@scure/base";
import { type BuiltInstruction, keyIndex } from "@slipstream/testing/build-block";
import { pumpFun } from "../programs/pump-fun.ts";

export interface PumpTradeFields {
  readonly isBuy: boolean;
  readonly sol: bigint;
  readonly token: bigint;
  readonly virtualSol: bigint;
  readonly virtualToken: bigint;
  readonly fee: bigint;
  readonly creatorFee: bigint;
}

/**
 * Pump.fun's TradeEvent, with the fields in the order of its IDL. The first versions ended after the
 * reserves.
 */
export function pumpTradeEvent(fields: PumpTradeFields, isFirst = false): BuiltInstruction {
  const bytes: number[] = [];
  const hex = (text: string): number => bytes.push(...Buffer.from(text, "hex"));
  const key = (): number => bytes.push(...Buffer.alloc(32, 7));
  const flag = (value: boolean): number => bytes.push(value ? 1 : 0);
  const u64 = (value: bigint): number => {
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(value);
    return bytes.push(...number);
  };
  hex("e445a52e51cb9a1d");
  hex("bddb7fd34ee661ee");
  key(); // mint
  u64(fields.sol);
  u64(fields.token);
  flag(fields.isBuy);
  key(); // user
  u64(1_700_000_000n); // timestamp
  u64(fields.virtualSol);
  u64(fields.virtualToken);
  u64(1n); // real_sol_reserves
  u64(2n); // real_token_reserves
  if (!isFirst) {
    key(); // fee_recipient
    u64(95n); // fee_basis_points
    u64(fields.fee);
    key(); // creator
    u64(30n); // creator_fee_basis_points
    u64(fields.creatorFee);
    flag(true); // track_volume
    for (let i = 0; i < 4; i++) u64(9n); // unclaimed, claimed, current volume, last update
    bytes.push(3, 0, 0, 0, ...Buffer.from("buy")); // ix_name
    flag(false); // mayhem_mode
    for (let i = 0; i < 4; i++) u64(0n); // cashback, buyback
    bytes.push(0, 0, 0, 0); // shareholders
    key(); // quote_mint
    for (let i = 0; i < 3; i++) u64(0n); // quote amount, virtual and real quote reserves
  }
  const data = base58.encode(new Uint8Array(bytes));
  return { programIdIndex: keyIndex(pumpFun.program), accounts: [], data, stackHeight: 2 };
}
