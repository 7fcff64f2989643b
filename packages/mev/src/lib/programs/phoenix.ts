import { type Instruction, instructionData } from "@slipstream/solana";
import { phoenixFills } from "./phoenix-log.ts";
import type { Recognised, SwapDecoder } from "./swap-decoder.ts";

const tag = { swap: 0, swapWithFreeFunds: 1, limitOrder: 2, limitOrderWithFreeFunds: 3 } as const;
/** Kind of order in the data of a limit order. The others, Limit and ImmediateOrCancel, may take orders. */
const postOnly = 0;

/**
 * Phoenix, an order book. A swap is one between the taker and the market's vaults (accounts: program, log authority, market,
 * trader, two trader accounts, base vault, quote vault). Other orders that take others' pay with funds in the market or are
 * paid into it, so no transfer shows the amounts; the program's log shows whether they took any.
 * Source: Ellipsis-Labs/phoenix-v1, src/program/instruction.rs, src/state/order_schema/order_packet.rs.
 */
export const phoenix: SwapDecoder = {
  program: "PhoeNiXZ8ByJGLkxNfZRnkUfjvmuYqLR89jjFHGqdXY",
  protocol: "Phoenix",
  recognise,
};

/** Every order lists at least these: program, log authority, market, trader, seat. The program's log lists one. */
const leastAccounts = 5;

function recognise(instruction: Instruction): Recognised {
  if (instruction.accounts.length < leastAccounts) return [];
  const data = instructionData(instruction);
  if (data === undefined || data.byteLength < 2) return [];
  const kind = data.getUint8(0);
  if (kind > tag.limitOrderWithFreeFunds) return [];
  const { accounts } = instruction;
  const [, , pool, , , , base, quote] = accounts;
  if (pool === undefined) return [];
  if (kind === tag.swap) {
    if (base !== undefined && quote !== undefined) return [{ pool, vaults: [base, quote], virtual: true }];
    return [{ pool, reason: `a swap needs at least 8 accounts, this instruction has ${accounts.length}` }];
  }
  if (kind === tag.swapWithFreeFunds)
    return [{ pool, reason: "it was paid with funds in the market, which no token transfer shows" }];
  if (data.getUint8(1) === postOnly) return [];
  const reason = "a limit order took others' orders, and no token transfer shows what it got";
  const route = (_: unknown, called: readonly Instruction[]): readonly { pool: string; reason: string }[] =>
    phoenixFills(called) ? [{ pool, reason }] : [];
  return [{ pool, maybe: true, route }];
}
