import {
  type BlockTransaction,
  isInfrastructure,
  isTokenProgram,
  programName,
  type TokenTransfer,
} from "@slipstream/solana";
import type { TransactionTransfers } from "./transaction-transfers.ts";

/**
 * A swap that shows in token transfers only: nobody decodes the instruction that made it. Any account that it touched is
 * among `accounts`, for a Solana instruction must list them.
 */
export interface UnreadSwap {
  /** signature:instruction, as in a swap's id. */
  readonly id: string;
  readonly txIndex: number;
  readonly eventIndex: number;
  readonly signature: string;
  readonly signer: string;
  readonly program: string;
  /** Name that people know the program by, or its address. */
  readonly name: string;
  /** undefined: it may have touched any account. */
  readonly accounts: readonly string[] | undefined;
  /** What the other side of the trade got and gave, atoms; undefined if it does not show. */
  readonly exchange: Exchange | undefined;
  readonly reason: string;
}

/** What lamports are called beside mints. */
const LAMPORTS = "lamports";

export interface Exchange {
  readonly tokenIn: string;
  readonly amountIn: bigint;
  readonly tokenOut: string;
  readonly amountOut: bigint;
}

/**
 * The swaps of a transaction that no decoder recognises, by what instructions moved: the token transfers that an instruction
 * called, itself or through helpers, give somebody one token for another, and who gives it keeps what it takes. Who traded in a
 * swap that was recognised is left out. Deposits and withdrawals move both tokens the same way, so they are none. The rule knows no
 * program, and so holds for instructions that are added later. Ask `mayHideSwaps` first: most transactions hide none.
 *
 * @param swaps positions of the instructions that were recognised as swaps
 * @param curves token accounts of the bonding curves among them, whose lamports do not show what each instruction moved
 */
export function unreadSwaps(
  transaction: BlockTransaction,
  txIndex: number,
  transfers: TransactionTransfers,
  swaps: ReadonlySet<number>,
  curves: ReadonlySet<string> = new Set(),
): UnreadSwap[] {
  const { instructions, signature, signer } = transaction;
  const known = new Set(swaps);
  const found: UnreadSwap[] = [];
  const search = (position: number, isDeep: boolean): void => {
    const instruction = instructions[position];
    if (instruction === undefined || known.has(position) || !isCaller(instructions, position)) return;
    const { program, label } = instruction;
    if (isInfrastructure(program)) return;
    const moved = isDeep ? transfers.calledBeside(position, known) : transfers.directlyCalledBy(position);
    const exchange = exchangeAt(position, moved, transaction, transfers, known);
    const isOfCurve = !isDeep && moved.some(({ from, to }) => curves.has(from) || curves.has(to));
    if (exchange === undefined && !isOfCurve && !isOfUnknown(moved, transaction)) return;
    known.add(position);
    const name = programName(program) ?? program;
    const reason = `an instruction of ${name} swapped, and is not decoded`;
    const id = `${signature}:${label}`;
    const accounts = accountsAt(position, transaction, swaps);
    found.push({
      id,
      txIndex,
      eventIndex: position,
      signature,
      signer,
      program,
      name,
      accounts,
      exchange,
      reason,
    });
  };
  for (const position of instructions.keys()) search(position, false);
  // Those that were called come after their callers. What they explain is no swap of the caller.
  for (let position = instructions.length - 1; position >= 0; position--)
    if (hasHelper(position, transaction, transfers, known)) search(position, true);
  return found.sort((a, b) => a.eventIndex - b.eventIndex);
}

/** Whether an instruction called one, of a program that may move tokens and is not known, that called something. */
function hasHelper(
  position: number,
  { instructions }: BlockTransaction,
  transfers: TransactionTransfers,
  known: ReadonlySet<number>,
): boolean {
  if (known.has(position) || !isCaller(instructions, position)) return false;
  return transfers
    .positionsBelow(position)
    .some(
      (at) =>
        !known.has(at) && isCaller(instructions, at) && !isInfrastructure(instructions[at]?.program ?? ""),
    );
}

/** Whether two tokens moved and the node did not say whose they are: then any of it may be a swap. */
function isOfUnknown(moved: readonly TokenTransfer[], { tokenBalances }: BlockTransaction): boolean {
  const balances = moved.flatMap(({ from, to }) =>
    [tokenBalances.get(from) ?? [], tokenBalances.get(to) ?? []].flat(),
  );
  return (
    balances.some(({ owner }) => owner === undefined) && new Set(balances.map(({ mint }) => mint)).size > 1
  );
}

/**
 * What an instruction lists and what its callers list, since a helper need not list the pool. Not what swaps that were recognised
 * list: those are in other pools.
 */
function accountsAt(
  position: number,
  { instructions }: BlockTransaction,
  swaps: ReadonlySet<number>,
): readonly string[] {
  const accounts = new Set(instructions[position]?.accounts);
  const others = new Set([...swaps].flatMap((swap) => instructions[swap]?.accounts ?? []));
  let depth = instructions[position]?.depth ?? Number.POSITIVE_INFINITY;
  for (let at = position - 1; depth > 1 && at >= 0; at--) {
    const caller = instructions[at];
    if (caller?.depth === undefined || caller.depth >= depth) continue;
    depth = caller.depth;
    for (const account of caller.accounts) if (!others.has(account)) accounts.add(account);
  }
  return [...accounts];
}

/** What a node did not record of a transaction hides any swap in it; undefined if it recorded all, or it can hold none. */
export function unrecordedSwap(transaction: BlockTransaction, txIndex: number): UnreadSwap | undefined {
  const { unrecorded, failed, accounts, instructions } = transaction;
  if (unrecorded === undefined || failed) return undefined;
  if (accounts !== undefined && instructions.every(({ program }) => isInfrastructure(program)))
    return undefined;
  return hiddenIn(transaction, txIndex, unrecorded);
}

/**
 * Tokens that moved though no instruction says so, because it is missing or of a kind that is not known yet, hide any swap in the
 * transaction. What the signer owns may change by the other side of a swap that was read.
 * @param read What vaults gained in the swaps that were read, atoms
 */
export function gapIn(
  transaction: BlockTransaction,
  txIndex: number,
  transfers: TransactionTransfers,
  read: ReadonlyMap<string, bigint>,
): UnreadSwap | undefined {
  const { tokenBalances, signer } = transaction;
  const gap = transfers.gap((account) => {
    const balance = tokenBalances.get(account);
    if (balance === undefined || balance.owner === signer) return true;
    return read.get(account) === balance.after - balance.before;
  });
  return gap === undefined ? undefined : hiddenIn(transaction, txIndex, gap);
}

function hiddenIn(transaction: BlockTransaction, txIndex: number, what: string): UnreadSwap {
  const { instructions, signature, signer, accounts } = transaction;
  const at = instructions.findIndex(({ program }) => !isInfrastructure(program));
  const program = instructions[at]?.program ?? "";
  return {
    id: `${signature}:${instructions[at]?.label ?? "0"}`,
    txIndex,
    eventIndex: Math.max(0, at),
    signature,
    signer,
    program,
    name: programName(program) ?? program,
    accounts,
    exchange: undefined,
    reason: `the node did not record ${what}`,
  };
}

/**
 * Whether anything can have swapped: tokens moved, and a program that may swap called something. Most transactions end here.
 * @param swaps positions of the instructions that were recognised as swaps
 */
export function mayHideSwaps(
  { failed, tokenBalances, instructions }: BlockTransaction,
  swaps: ReadonlySet<number>,
): boolean {
  // Beside a swap that is read, one that undoes it counts, too.
  if (failed || (swaps.size === 0 && !someMoved({ tokenBalances }))) return false;
  return instructions.some(
    ({ program }, position) =>
      !swaps.has(position) && isCaller(instructions, position) && !isInfrastructure(program),
  );
}

/** Whether tokens moved, or may have moved if the node left out their balances. */
export function mayLack(transaction: BlockTransaction): boolean {
  const { failed, unrecorded, instructions } = transaction;
  if (failed || unrecorded !== undefined) return false;
  return someMoved(transaction) || instructions.some(({ program }) => isTokenProgram(program));
}

function someMoved({ tokenBalances }: Pick<BlockTransaction, "tokenBalances">): boolean {
  for (const { before, after } of tokenBalances.values()) if (before !== after) return true;
  return false;
}

/** Whether the next instruction may have been called by this one: an instruction that called nothing moved nothing. */
function isCaller(instructions: BlockTransaction["instructions"], position: number): boolean {
  const [one, next] = [instructions[position], instructions[position + 1]];
  if (one === undefined || next === undefined || next.depth === 1) return false;
  return one.depth === undefined || next.depth === undefined || next.depth > one.depth;
}

/** By whom and of which mint: atoms gained, below 0 atoms lost. */
type Flows = Map<string, Map<string, bigint>>;

/**
 * @param direct The transfers that are the instruction's own.
 * @param swaps What explains others.
 */
function exchangeAt(
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
    exchangeOfOwner(direct, all, transaction, explained) ??
    exchangeWithSigner(direct, all, transaction, explained)
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
  explained: ReadonlySet<string>,
): Exchange | undefined {
  const { signer, tokenBalances, lamports } = transaction;
  const ownerOf = (account: string): string => tokenBalances.get(account)?.owner ?? account;
  const kept = flowsOf(all, transaction, ownerOf);
  for (const [owner, flows] of flowsOf(direct, transaction, ownerOf)) {
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
  explained: ReadonlySet<string>,
): Exchange | undefined {
  const { signer, tokenBalances } = transaction;
  // An account that is not listed lived only in this transaction: the signer's, or of a router.
  const ownerOf = (account: string): string => {
    const balance = tokenBalances.get(account);
    return balance === undefined ? signer : (balance.owner ?? account);
  };
  const traded = exchangeIn(flowsOf(direct, transaction, ownerOf).get(signer) ?? new Map());
  if (traded === undefined) return undefined;
  const kept = flowsOf(all, transaction, (account) => account);
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
  transfers: readonly TokenTransfer[],
  { tokenBalances }: BlockTransaction,
  nameOf: (account: string) => string,
): Flows {
  const flows: Flows = new Map();
  const add = (account: string, mint: string, amount: bigint): void => {
    const name = nameOf(account);
    const own = flows.get(name) ?? new Map<string, bigint>();
    own.set(mint, (own.get(mint) ?? 0n) + amount);
    flows.set(name, own);
  };
  for (const { from, to, amount, received } of transfers) {
    // An account that lived only in this transaction has no balance listed; the other end of the transfer tells its mint.
    const mint = tokenBalances.get(from)?.mint ?? tokenBalances.get(to)?.mint;
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
