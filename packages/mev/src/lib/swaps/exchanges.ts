import type { BlockTransaction, TokenTransfer } from "@slipstream/solana";
import type { TransactionTransfers } from "./transaction-transfers.ts";

/** What lamports are called beside mints. */
const LAMPORTS = "lamports";

export interface Exchange {
  readonly tokenIn: string;
  readonly amountIn: bigint;
  readonly tokenOut: string;
  readonly amountOut: bigint;
}

/** By whom and of which mint: atoms gained, below 0 atoms lost. */
type Flows = Map<string, Map<string, bigint>>;

/**
 * The exchange that an instruction made; undefined if none shows.
 * @param direct The transfers that are the instruction's own.
 * @param swaps Positions of known swaps: who traded in one that the instruction called is left out.
 */
export function exchangeAt(
  position: number,
  direct: readonly TokenTransfer[],
  transaction: BlockTransaction,
  transfers: TransactionTransfers,
  swaps: ReadonlySet<number>,
): Exchange | undefined {
  if (direct.length === 0) return undefined;
  const explained = new Set<string>();
  for (const below of transfers.positionsBelow(position)) {
    if (!swaps.has(below)) continue;
    for (const owner of ownersIn(below, transaction, transfers)) explained.add(owner);
  }
  const all = transfers.calledBy(position);
  return (
    exchangeOfOwner(direct, all, transaction, transfers, explained) ??
    exchangeWithSigner(direct, all, transaction, transfers, explained)
  );
}

/**
 * Somebody whose accounts take one token and give another, and who does not pass them on: most pools. Or who takes lamports for
 * tokens, or gives them: a bonding curve.
 */
function exchangeOfOwner(
  direct: readonly TokenTransfer[],
  all: readonly TokenTransfer[],
  transaction: BlockTransaction,
  transfers: TransactionTransfers,
  explained: ReadonlySet<string>,
): Exchange | undefined {
  const { signer, tokenBalances, lamports } = transaction;
  const ownerOf = (account: string): string => tokenBalances.get(account)?.owner ?? account;
  const kept = flowsOf(all, transfers, ownerOf);
  for (const [owner, flows] of flowsOf(direct, transfers, ownerOf)) {
    if (owner === signer || explained.has(owner)) continue;
    const balance = lamports.get(owner);
    const gained = balance === undefined ? 0n : balance.after - balance.before;
    if (exchangeIn(flows, gained) === undefined) continue;
    const exchange = exchangeIn(kept.get(owner) ?? new Map(), gained);
    if (exchange !== undefined) return exchange;
  }
  return undefined;
}

/** A pool whose two vaults have two owners: the signer gives one token to a vault that keeps it, and gets another from one. */
function exchangeWithSigner(
  direct: readonly TokenTransfer[],
  all: readonly TokenTransfer[],
  transaction: BlockTransaction,
  transfers: TransactionTransfers,
  explained: ReadonlySet<string>,
): Exchange | undefined {
  const { signer, tokenBalances } = transaction;
  // An account that is not listed lived only in this transaction: the signer's, or of a router.
  const ownerOf = (account: string): string => {
    const balance = tokenBalances.get(account);
    return balance === undefined ? signer : (balance.owner ?? account);
  };
  const traded = exchangeIn(flowsOf(direct, transfers, ownerOf).get(signer) ?? new Map());
  if (traded === undefined) return undefined;
  const kept = flowsOf(all, transfers, (account) => account);
  const others = direct
    .flatMap(({ from, to }) => [from, to])
    .filter((account) => ownerOf(account) !== signer && !explained.has(ownerOf(account)));
  const sum = (account: string, mint: string): bigint => kept.get(account)?.get(mint) ?? 0n;
  const took = others.find((account) => sum(account, traded.tokenOut) > 0n);
  const gave = others.find((account) => sum(account, traded.tokenIn) < 0n);
  if (took === undefined || gave === undefined) return undefined;
  return {
    tokenIn: traded.tokenOut,
    amountIn: sum(took, traded.tokenOut),
    tokenOut: traded.tokenIn,
    amountOut: -sum(gave, traded.tokenIn),
  };
}

function flowsOf(
  moved: readonly TokenTransfer[],
  transfers: TransactionTransfers,
  nameOf: (account: string) => string,
): Flows {
  const flows: Flows = new Map();
  const add = (account: string, mint: string, amount: bigint): void => {
    const name = nameOf(account);
    const own = flows.get(name) ?? new Map<string, bigint>();
    own.set(mint, (own.get(mint) ?? 0n) + amount);
    flows.set(name, own);
  };
  for (const transfer of moved) {
    const { from, to, amount, received } = transfer;
    const mint = transfers.mintOf(transfer);
    if (mint === undefined) continue;
    // Pools take before they give, so the first who is found to exchange is most often the pool, and not the trader.
    add(to, mint, received);
    add(from, mint, -amount);
  }
  return flows;
}

/** @param lamports that the owner gained, below 0 lost */
function exchangeIn(flows: ReadonlyMap<string, bigint>, lamports = 0n): Exchange | undefined {
  let [got, gave]: ([string, bigint] | undefined)[] = [];
  for (const [mint, amount] of flows) {
    if (amount > (got?.[1] ?? 0n)) got = [mint, amount];
    if (amount < (gave?.[1] ?? 0n)) gave = [mint, amount];
  }
  if (got === undefined && gave !== undefined && lamports > 0n) got = [LAMPORTS, lamports];
  if (gave === undefined && got !== undefined && lamports < 0n) gave = [LAMPORTS, lamports];
  if (got === undefined || gave === undefined) return undefined;
  return { tokenIn: got[0], amountIn: got[1], tokenOut: gave[0], amountOut: -gave[1] };
}

function ownersIn(
  position: number,
  { tokenBalances }: BlockTransaction,
  transfers: TransactionTransfers,
): string[] {
  return transfers
    .calledBy(position)
    .flatMap(({ from, to }) => [from, to])
    .map((account) => tokenBalances.get(account)?.owner ?? account);
}
