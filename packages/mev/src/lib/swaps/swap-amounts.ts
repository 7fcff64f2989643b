import type { BlockTransaction, TokenTransfer } from "@slipstream/solana";
import type { SwapInstruction } from "../programs/swap-decoder.ts";
import type { Swap } from "./swap.ts";
import type { TransactionTransfers } from "./transaction-transfers.ts";

/** The part of a swap that follows from what it moved. */
export type SwapAmounts = Pick<
  Swap,
  "payer" | "recipient" | "tokenIn" | "tokenOut" | "amountIn" | "amountOut" | "feeIn" | "feeOut" | "reserves"
>;

/**
 * The amounts moved by a swap: the increase of one vault and the decrease of the other. They come from the
 * token transfers that the swap called, which must add up to the changes of the vaults' balances. If they do
 * not add up (a mint that withholds fees) or are not listed, the balance changes themselves are used,
 * provided that the transaction did nothing else with the vaults.
 * @param alone Whether this is the transaction's only swap in the pool.
 * @returns The amounts, or the reason why they are unknown.
 */
export function swapAmounts(
  swap: SwapInstruction,
  position: number,
  transaction: BlockTransaction,
  transfers: TransactionTransfers,
  alone: boolean,
): SwapAmounts | string {
  const [vault0, vault1] = swap.vaults;
  const [mint0, mint1] = swap.vaults.map((vault) => transaction.tokenBalances.get(vault)?.mint);
  if (mint0 === undefined || mint1 === undefined) return "the vaults' token balances are not listed";
  if (mint0 === mint1) return "both vaults hold the same token";
  const called = transfers.calledBy(position);
  if (swap.unpublished === true && new Set(called.map((transfer) => transfers.mintOf(transfer))).size > 2)
    return "it moved more than two tokens";
  const moved = movedBy(called, swap, transaction, transfers, alone);
  if (typeof moved === "string") return moved;
  const forward = moved[0] > 0n;
  const [vaultIn, vaultOut] = forward ? [vault0, vault1] : [vault1, vault0];
  const reserveIn = transfers.balanceBefore(position, vaultIn);
  const reserveOut = transfers.balanceBefore(position, vaultOut);
  const ownerOf = (account: string | undefined): string | undefined =>
    account === undefined ? undefined : transaction.tokenBalances.get(account)?.owner;
  const source = largest(called, ({ to }) => to === vaultIn)?.from;
  const target = largest(called, ({ from }) => from === vaultOut)?.to;
  const [amountIn, amountOut] = forward ? [moved[0], -moved[1]] : [moved[1], -moved[0]];
  const withheldIn = withheldOn(called, vaultIn, amountIn);
  const withheldOut = withheldAt(called, vaultOut, target, transfers);
  const hasFees = swap.feesBeside === true;
  const fees = hasFees ? feesOf(called, source, vaultIn, target, vaultOut) : { feeIn: 0n, feeOut: 0n };
  const isKnown = swap.virtual !== true && reserveIn !== undefined && reserveOut !== undefined;
  return {
    payer: ownerOf(source),
    recipient: ownerOf(target),
    tokenIn: forward ? mint0 : mint1,
    tokenOut: forward ? mint1 : mint0,
    amountIn,
    amountOut,
    ...(hasFees || withheldIn > 0n ? { feeIn: fees.feeIn + withheldIn } : {}),
    ...(hasFees || withheldOut > 0n ? { feeOut: fees.feeOut + withheldOut } : {}),
    reserves: isKnown ? { in: reserveIn, out: reserveOut } : undefined,
  };
}

/** What the mint withheld of the transfers into a vault. */
function withheldOn(called: readonly TokenTransfer[], vault: string, gained: bigint): bigint {
  let sent = 0n;
  for (const { from, to, amount } of called) {
    if (to === vault) sent += amount;
    if (from === vault) sent -= amount;
  }
  return sent > gained ? sent - gained : 0n;
}

/** What the mint withheld of the transfers from a vault to the trader. */
function withheldAt(
  called: readonly TokenTransfer[],
  vault: string,
  target: string | undefined,
  transfers: TransactionTransfers,
): bigint {
  let withheld = 0n;
  for (const transfer of called) {
    if (transfer.from !== vault || transfer.to !== target) continue;
    withheld += transfer.amount - transfers.receivedBy(transfer);
  }
  return withheld;
}

/** Fees that the trader paid to others than the pool, and that the pool paid to others than the trader. */
function feesOf(
  called: readonly TokenTransfer[],
  source: string | undefined,
  vaultIn: string,
  target: string | undefined,
  vaultOut: string,
): { feeIn: bigint; feeOut: bigint } {
  let [feeIn, feeOut] = [0n, 0n];
  for (const { from, to, amount } of called) {
    if (from === source && to !== vaultIn) feeIn += amount;
    if (from === vaultOut && to !== target) feeOut += amount;
  }
  return { feeIn, feeOut };
}

/** Changes of the two vaults, one positive and one negative. */
type Moved = readonly [bigint, bigint];

function movedBy(
  called: readonly TokenTransfer[],
  { vaults, sharedVaults, unpublished }: SwapInstruction,
  transaction: BlockTransaction,
  transfers: TransactionTransfers,
  alone: boolean,
): Moved | string {
  const [vault0, vault1] = vaults;
  const own = called.filter(
    ({ from, to }) => from === vault0 || to === vault0 || from === vault1 || to === vault1,
  );
  if (unpublished === true && !vaults.every((vault) => own.some(isOf(vault))))
    return "its token transfers do not go through both vaults";
  if (own.length > 0 && vaults.every((vault) => transfers.addUp(vault))) {
    const [first, second] = vaults.map((vault) => sumOf(own, vault));
    return opposite(first, second) ?? "its token transfers do not go into one vault and out of the other";
  }
  if (sharedVaults === true)
    return "its vaults are shared with other pools, and no token transfers show what it moved in them";
  if (!alone)
    return "several swaps in one pool, and no token transfers that show how much each of them moved";
  const untold = vaults.some((vault) => transfers.countOf(vault) > own.filter(isOf(vault)).length);
  if (untold) return "something else moved the vaults, and the token transfers do not show how much";
  const [first, second] = vaults.map((vault) => changeOf(transaction, vault));
  return (
    opposite(first, second) ??
    "neither a token transfer nor a change of the vaults' balances shows what was swapped"
  );
}

function opposite(first = 0n, second = 0n): Moved | undefined {
  const swapped = (first > 0n && second < 0n) || (first < 0n && second > 0n);
  return swapped ? [first, second] : undefined;
}

function isOf(vault: string): (transfer: TokenTransfer) => boolean {
  return ({ from, to }) => from === vault || to === vault;
}

function sumOf(transfers: readonly TokenTransfer[], vault: string): bigint {
  let sum = 0n;
  for (const { from, to, amount, received } of transfers) {
    if (to === vault) sum += received;
    if (from === vault) sum -= amount;
  }
  return sum;
}

function changeOf(transaction: BlockTransaction, vault: string): bigint {
  const balance = transaction.tokenBalances.get(vault);
  return balance === undefined ? 0n : balance.after - balance.before;
}

/** The trader's transfer. There may also be transfers of fees. */
function largest(
  transfers: readonly TokenTransfer[],
  isWanted: (transfer: TokenTransfer) => boolean,
): TokenTransfer | undefined {
  let best: TokenTransfer | undefined;
  for (const transfer of transfers) {
    if (isWanted(transfer) && (best === undefined || transfer.amount > best.amount)) best = transfer;
  }
  return best;
}
