import {
  type BlockTransaction,
  type Instruction,
  programId,
  publicPrograms,
  systemTransfer,
  type TokenAccountChange,
  type TokenTransfer,
  tokenAccountChange,
  wrappedSol,
} from "@slipstream/solana";
import type { ChainPlace } from "./swap.ts";
import type { TransactionTransfers } from "./transaction-transfers.ts";

/** Tokens that one owner passed on to another, outside of any swap. */
export interface OwnerTransfer extends ChainPlace {
  readonly signature: string;
  /** The mint. Lamports have that of wrapped SOL. */
  readonly token: string;
  /** Owners of the token accounts, whoever signed: a delegate moves its owner's tokens. */
  readonly from: string;
  readonly to: string;
  /** Atoms that left the account of `from`. */
  readonly amount: bigint;
  /** Atoms that the account of `to` gained: less than `amount` if the mint withholds a fee. */
  readonly received: bigint;
}

/** Rents, tips and fees are smaller, and no leg of a sandwich that pays off is. Lamports. */
const leastLamports = 10_000_000n;

/** Whether any of the transaction's instructions may pass on tokens directly. Most transactions end here. */
export function mayPassOn({ failed, unrecorded, instructions }: BlockTransaction): boolean {
  if (failed || unrecorded !== undefined) return false;
  return instructions.some(isDirect);
}

/**
 * What owners passed on to others: token transfers, lamports, wrapped SOL that is closed into somebody else's wallet, and
 * token accounts given away. Transfers by known routers and pools, and those that a swap called, are left out: they are how a
 * swap is carried out. So is everything whose owner is not known.
 *
 * @param swaps positions of the transaction's swaps, with or without a decoder
 */
export function ownerTransfers(
  transaction: BlockTransaction,
  place: Pick<ChainPlace, "slot" | "txIndex">,
  transfers: TransactionTransfers,
  swaps: Iterable<number>,
): OwnerTransfer[] {
  const { instructions, signature } = transaction;
  const called = new Set<number>();
  for (const swap of swaps) for (const position of transfers.positionsBelow(swap)) called.add(position);
  const accounts = new TokenAccounts(transaction);
  const found: OwnerTransfer[] = [];
  for (const [position, instruction] of instructions.entries()) {
    const moved = movedBy(instruction, transfers.at(position), transfers, accounts);
    if (moved === undefined || called.has(position) || !isDirect(instruction)) continue;
    const { from, to, token, amount, received } = moved;
    if (from === undefined || to === undefined || token === undefined) continue;
    if (from === to || amount <= 0n) continue;
    found.push({ ...place, eventIndex: position, signature, token, from, to, amount, received });
  }
  return found;
}

type Moved = { readonly [K in "from" | "to" | "token"]: string | undefined } & {
  readonly amount: bigint;
  readonly received: bigint;
};

function movedBy(
  instruction: Instruction,
  transfer: TokenTransfer | undefined,
  transfers: TransactionTransfers,
  accounts: TokenAccounts,
): Moved | undefined {
  if (transfer !== undefined) {
    accounts.move(transfer);
    const [source, target] = [accounts.get(transfer.from), accounts.get(transfer.to)];
    const token = source?.mint ?? target?.mint;
    const received = transfers.receivedBy(transfer);
    return { from: source?.owner, to: target?.owner, token, amount: transfer.amount, received };
  }
  const change = tokenAccountChange(instruction);
  if (change !== undefined) {
    const account = accounts.get(change.account);
    const amount = accounts.heldIn(change.account);
    accounts.apply(change);
    // A closed account held nothing but its rent, unless it held wrapped SOL.
    if (change.kind === "opened" || (change.kind === "closed" && account?.mint !== wrappedSol))
      return undefined;
    const to = change.kind === "given" ? change.owner : accounts.walletOf(change.to);
    return { from: account?.owner, to, token: account?.mint, amount, received: amount };
  }
  const sent = systemTransfer(instruction);
  if (sent === undefined || sent.lamports < leastLamports) return undefined;
  const { from, to, lamports } = sent;
  return { from, to: accounts.walletOf(to), token: wrappedSol, amount: lamports, received: lamports };
}

interface TokenAccount {
  readonly owner?: string | undefined;
  readonly mint: string;
}

/** Owners and contents of token accounts while a transaction runs. Accounts that exist only within it have no balance listed. */
class TokenAccounts {
  readonly #balances: BlockTransaction["tokenBalances"];
  readonly #changed = new Map<string, TokenAccount>();
  readonly #held = new Map<string, bigint>();

  constructor({ tokenBalances }: BlockTransaction) {
    this.#balances = tokenBalances;
  }

  get(account: string): TokenAccount | undefined {
    return this.#changed.get(account) ?? this.#balances.get(account);
  }

  /** The owner of a token account; any other address is a wallet of its own. */
  walletOf(address: string): string | undefined {
    const account = this.get(address);
    return account === undefined ? address : account.owner;
  }

  /** Atoms in the account, as far as transfers moved them. */
  heldIn(account: string): bigint {
    return this.#held.get(account) ?? this.#balances.get(account)?.before ?? 0n;
  }

  move({ from, to, amount, received }: TokenTransfer): void {
    this.#held.set(from, this.heldIn(from) - amount);
    this.#held.set(to, this.heldIn(to) + received);
  }

  apply(change: TokenAccountChange): void {
    const mint = change.kind === "opened" ? change.mint : this.get(change.account)?.mint;
    if (change.kind === "closed" || mint === undefined) return;
    this.#changed.set(change.account, { owner: change.owner, mint });
  }
}

function isDirect({ program, topProgram }: Instruction): boolean {
  const moves =
    program === programId.token || program === programId.token2022 || program === programId.system;
  return moves && !publicPrograms.has(topProgram);
}
