import {
  type BlockTransaction,
  isInfrastructure,
  isTokenProgram,
  programName,
  type TokenTransfer,
} from "@slipstream/solana";
import { type Exchange, exchangeAt } from "./exchanges.ts";
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
  const { instructions } = transaction;
  const known = new Set(swaps);
  const found: UnreadSwap[] = [];
  const search = (position: number, isDeep: boolean): void => {
    const instruction = instructions[position];
    if (instruction === undefined || known.has(position) || !isCaller(instructions, position)) return;
    const { program } = instruction;
    if (isInfrastructure(program)) return;
    const moved = isDeep ? transfers.calledBy(position, known) : transfers.directlyCalledBy(position);
    const exchange = exchangeAt(position, moved, transaction, transfers, known);
    const isOfCurve = !isDeep && moved.some(({ from, to }) => curves.has(from) || curves.has(to));
    if (exchange === undefined && !isOfCurve && !isOfUnknown(moved, transaction)) return;
    known.add(position);
    const reason = `an instruction of ${nameOf(program)} swapped, and is not decoded`;
    const accounts = accountsAt(position, transaction, swaps);
    found.push({ ...placeAt(position, transaction, txIndex), accounts, exchange, reason });
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
  const balances = moved
    .flatMap(({ from, to }) => [from, to])
    .flatMap((account) => tokenBalances.get(account) ?? []);
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
  const { instructions, accounts } = transaction;
  const at = instructions.findIndex(({ program }) => !isInfrastructure(program));
  const reason = `the node did not record ${what}`;
  return { ...placeAt(at, transaction, txIndex), accounts, exchange: undefined, reason };
}

/** @param position of the instruction; -1 if there is none */
function placeAt(
  position: number,
  { instructions, signature, signer }: BlockTransaction,
  txIndex: number,
): Omit<UnreadSwap, "accounts" | "exchange" | "reason"> {
  const { label = "0", program = "" } = instructions[position] ?? {};
  return {
    id: `${signature}:${label}`,
    txIndex,
    eventIndex: Math.max(0, position),
    signature,
    signer,
    program,
    name: nameOf(program),
  };
}

function nameOf(program: string): string {
  return programName(program) ?? program;
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
