import type { BlockTransaction } from "../block/model.ts";
import type { SwapInstruction } from "../programs/swap-decoder.ts";
import type { TokenTransfer } from "../programs/token-transfer.ts";
import type { Swap } from "./swap.ts";
import type { TransactionTransfers } from "./transaction-transfers.ts";

/** What is told of a swap by what it moved. */
export type SwapAmounts = Pick<
  Swap,
  "payer" | "recipient" | "tokenIn" | "tokenOut" | "amountIn" | "amountOut" | "reserves"
>;

/**
 * What a swap moved. The token transfers that the swap called say it exactly, also where a transaction swaps in one
 * pool several times. Where they are not listed, the change of the vaults' balances says it, if the transaction swaps in
 * the pool only once.
 * @param alone Whether this is the transaction's only swap in the pool.
 * @returns The amounts, or the reason why they are not known.
 */
export function swapAmounts(
  swap: SwapInstruction,
  position: number,
  transaction: BlockTransaction,
  transfers: TransactionTransfers,
  alone: boolean,
): SwapAmounts | string {
  const [vault0, vault1] = swap.vaults;
  const mints = swap.vaults.map((vault) => transaction.tokenBalances.get(vault)?.mint);
  const [mint0, mint1] = mints;
  if (mint0 === undefined || mint1 === undefined) return "the vaults' token balances are not listed";
  const moved =
    byTransfers(transfers.calledBy(position), swap.vaults) ?? byBalances(transaction, swap.vaults);
  if (moved === undefined)
    return "no token transfer and no change of the vaults' balances shows what was swapped";
  if (!moved.exact && !alone) {
    return "several swaps in one pool, and no token transfers that tell how much each of them moved";
  }
  const forward = moved.vaultIn === vault0;
  const [vaultIn, vaultOut] = forward ? [vault0, vault1] : [vault1, vault0];
  const reserveIn = transfers.balanceBefore(position, vaultIn);
  const reserveOut = transfers.balanceBefore(position, vaultOut);
  const ownerOf = (account: string | undefined): string | undefined =>
    account === undefined ? undefined : transaction.tokenBalances.get(account)?.owner;
  return {
    payer: ownerOf(moved.paidFrom),
    recipient: ownerOf(moved.paidTo),
    tokenIn: forward ? mint0 : mint1,
    tokenOut: forward ? mint1 : mint0,
    amountIn: moved.amountIn,
    amountOut: moved.amountOut,
    reserves:
      reserveIn === undefined || reserveOut === undefined ? undefined : { in: reserveIn, out: reserveOut },
  };
}

interface Moved {
  readonly vaultIn: string;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  /** The trader's token accounts, where transfers name them. */
  readonly paidFrom?: string;
  readonly paidTo?: string;
  /** Whether the amounts are this swap's own for certain, not those of all that the transaction did in the pool. */
  readonly exact: boolean;
}

/** The first transfer into one vault and the first out of the other. */
function byTransfers(
  transfers: readonly TokenTransfer[],
  [vault0, vault1]: SwapInstruction["vaults"],
): Moved | undefined {
  const into = transfers.find(({ to }) => to === vault0 || to === vault1);
  if (into === undefined) return undefined;
  const other = into.to === vault0 ? vault1 : vault0;
  const out = transfers.find(({ from }) => from === other);
  if (out === undefined) return undefined;
  return {
    vaultIn: into.to,
    amountIn: into.amount,
    amountOut: out.amount,
    paidFrom: into.from,
    paidTo: out.to,
    exact: true,
  };
}

/** One vault's balance rose and the other's fell. */
function byBalances(
  transaction: BlockTransaction,
  [vault0, vault1]: SwapInstruction["vaults"],
): Moved | undefined {
  const change = (vault: string): bigint => {
    const balance = transaction.tokenBalances.get(vault);
    return balance === undefined ? 0n : balance.after - balance.before;
  };
  const [change0, change1] = [change(vault0), change(vault1)];
  if (change0 > 0n && change1 < 0n) {
    return { vaultIn: vault0, amountIn: change0, amountOut: -change1, exact: false };
  }
  if (change1 > 0n && change0 < 0n) {
    return { vaultIn: vault1, amountIn: change1, amountOut: -change0, exact: false };
  }
  return undefined;
}
