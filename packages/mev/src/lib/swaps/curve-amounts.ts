import { type BlockTransaction, systemTransfer } from "@slipstream/solana";
import type { CurveSwap, CurveTrade } from "../programs/swap-decoder.ts";
import { freeOut } from "../replay/constant-product.ts";
import type { SwapReserves } from "./swap.ts";
import type { SwapAmounts } from "./swap-amounts.ts";
import type { TransactionTransfers } from "./transaction-transfers.ts";

/**
 * The amounts moved by a swap in a pool of lamports and tokens. The program's own event contains them, and
 * the token transfers that the swap called must agree. Without an event, the token transfers give one side.
 * The other side is the lamports that the swap sent to the curve, or the decrease of the curve's lamports if
 * nothing else in the transaction touched them. If the event does not contain the fee, the fee is what the
 * fee recipients gained in the transaction.
 * @param alone Whether this is the transaction's only swap in the pool.
 * @returns The amounts, or the reason why they are unknown.
 */
export function curveAmounts(
  swap: CurveSwap,
  position: number,
  transaction: BlockTransaction,
  transfers: TransactionTransfers,
  alone: boolean,
): SwapAmounts | string {
  const { vault, mint, money, user } = swap;
  const own = transfers.calledBy(position).filter(({ from, to }) => from === vault || to === vault);
  const tokens = own.reduce((sum, { to, amount, received }) => sum + (to === vault ? received : -amount), 0n);
  if (tokens === 0n) return "no token transfer shows what was swapped";
  const isBuy = tokens < 0n;
  const moved = isBuy ? -tokens : tokens;
  const below = transfers.instructionsBelow(position);
  const trade = below.map((instruction) => swap.tradeOf(instruction)).find((one) => one !== undefined);
  if (trade !== undefined && (trade.tokens !== moved || trade.isBuy !== isBuy)) {
    return "the program's event and the token transfers disagree";
  }
  const lamports = trade?.lamports ?? lamportsMoved(swap, position, isBuy, transaction, transfers, alone);
  if (lamports === undefined || lamports === 0n)
    return "there is neither an event nor a lamport transfer that shows what was paid";
  const ownerOf = (account: string | undefined): string =>
    (account === undefined ? undefined : transaction.tokenBalances.get(account)?.owner) ?? user;
  const [tokenAccount] = own.map(({ from, to }) => (isBuy ? to : from));
  const reserves = trade === undefined ? undefined : reservesBefore(trade);
  const fee = trade?.fees ?? (alone ? gained(swap.feeRecipients, transaction) : undefined);
  const fees = fee === undefined ? {} : { [isBuy ? "feeIn" : "feeOut"]: fee };
  return isBuy
    ? {
        payer: user,
        recipient: ownerOf(tokenAccount),
        tokenIn: money,
        tokenOut: mint,
        amountIn: lamports,
        amountOut: moved,
        ...fees,
        reserves,
      }
    : {
        payer: ownerOf(tokenAccount),
        recipient: user,
        tokenIn: mint,
        tokenOut: money,
        amountIn: moved,
        amountOut: lamports,
        ...fees,
        reserves,
      };
}

/** Undefined if one of the accounts is not listed or lost lamports. */
function gained(accounts: readonly string[], { lamports }: BlockTransaction): bigint | undefined {
  let sum = 0n;
  for (const account of new Set(accounts)) {
    const balance = lamports.get(account);
    if (balance === undefined || balance.after < balance.before) return undefined;
    sum += balance.after - balance.before;
  }
  return sum;
}

function lamportsMoved(
  { pool }: CurveSwap,
  position: number,
  isBuy: boolean,
  transaction: BlockTransaction,
  transfers: TransactionTransfers,
  alone: boolean,
): bigint | undefined {
  const toPool = transfers
    .instructionsBelow(position)
    .map(systemTransfer)
    .filter((one) => one?.to === pool);
  if (isBuy) return toPool.length === 1 ? toPool[0]?.lamports : undefined;
  const touched = transaction.instructions.some((instruction) => systemTransfer(instruction)?.to === pool);
  const balance = transaction.lamports.get(pool);
  if (!alone || touched || balance === undefined || balance.after >= balance.before) return undefined;
  return balance.before - balance.after;
}

/** The program rounds payments up, by up to one lamport more than necessary. */
const roundingLamports = 2n;

/**
 * The reserves before the trade, if the reported reserves are those after it. That is the case if the trade
 * follows from them.
 */
function reservesBefore({ isBuy, lamports, tokens, after }: CurveTrade): SwapReserves | undefined {
  const [reserveIn, reserveOut] = isBuy
    ? [after.lamports - lamports, after.tokens + tokens]
    : [after.tokens - tokens, after.lamports + lamports];
  if (reserveIn <= 0n || reserveOut <= 0n) return undefined;
  const out = (amountIn: bigint): bigint => freeOut(amountIn, reserveIn, reserveOut);
  const follows = isBuy
    ? out(lamports - roundingLamports) <= tokens && tokens <= out(lamports + roundingLamports)
    : out(tokens) - lamports <= roundingLamports && lamports - out(tokens) <= roundingLamports;
  return follows ? { in: reserveIn, out: reserveOut } : undefined;
}
