import {
  type BlockTransaction,
  type Instruction,
  isTokenProgram,
  mayOpenAccount,
  programId,
  publicPrograms,
  systemTransfer,
  systemTransferCharacters,
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

/** CloseAccount, in base58. */
const closeAccount = "A";
/** Characters in base58 of the shortest transfer: a tag and 8 bytes. */
const leastCharacters = 12;

/** Whether any of the transaction's instructions may pass on tokens directly. Most transactions end here. */
export function mayPassOn(transaction: BlockTransaction): boolean {
  const { failed, unrecorded, instructions } = transaction;
  if (failed || unrecorded !== undefined) return false;
  return instructions.some((instruction) => isDirect(instruction) && mayMove(instruction, transaction));
}

/** Told without decoding the data. */
function mayMove(
  { program, accounts, data }: Instruction,
  { lamports, tokenBalances }: BlockTransaction,
): boolean {
  const from = accounts[0] ?? "";
  const to = accounts[1] ?? "";
  if (program === programId.system) {
    if (data.length !== systemTransferCharacters || from === to) return false;
    // Wrapping one's own lamports is a transfer, too.
    if (tokenBalances.get(to)?.owner === from) return false;
    if (lamports.size === 0) return true;
    const [payer, payee] = [lamports.get(from), lamports.get(to)];
    const lost = payer === undefined ? 0n : payer.before - payer.after;
    const gained = payee === undefined ? 0n : payee.after - payee.before;
    return lost >= leastLamports || gained >= leastLamports;
  }
  if (data === closeAccount) return to !== accounts[2];
  if (data.length < leastCharacters || mayOpenAccount(data)) return false;
  const source = tokenBalances.get(from)?.owner;
  // TransferChecked has the mint in between.
  const target = tokenBalances.get(to) ?? tokenBalances.get(accounts[2] ?? "");
  return source === undefined || target?.owner !== source;
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
  swaps: readonly number[],
): OwnerTransfer[] {
  const { instructions, signature } = transaction;
  const accounts = new TokenAccounts(transaction, transfers);
  const found: OwnerTransfer[] = [];
  let called: ReadonlySet<number> | undefined;
  for (const [position, instruction] of instructions.entries()) {
    if (!isDirect(instruction) || !mayMove(instruction, transaction)) {
      accounts.opens(instruction);
      continue;
    }
    const moved = movedBy(position, instruction, transfers, accounts);
    if (moved === undefined) continue;
    const { from, to, token, amount, received } = moved;
    if (from === undefined || to === undefined || token === undefined) continue;
    if (from === to || amount <= 0n) continue;
    called ??= new Set(swaps.flatMap((swap) => transfers.positionsBelow(swap)));
    if (called.has(position)) continue;
    found.push({ ...place, eventIndex: position, signature, token, from, to, amount, received });
  }
  return found;
}

type Moved = { readonly [K in "from" | "to" | "token"]: string | undefined } & {
  readonly amount: bigint;
  readonly received: bigint;
};

function movedBy(
  position: number,
  instruction: Instruction,
  transfers: TransactionTransfers,
  accounts: TokenAccounts,
): Moved | undefined {
  const transfer = instruction.program === programId.system ? undefined : transfers.at(position);
  if (transfer !== undefined) {
    const [source, target] = [accounts.get(transfer.from), accounts.get(transfer.to)];
    const token = source?.mint ?? target?.mint;
    const received = transfers.receivedBy(transfer);
    return { from: source?.owner, to: target?.owner, token, amount: transfer.amount, received };
  }
  const sent = systemTransfer(instruction);
  if (sent !== undefined) {
    const { from, to, lamports } = sent;
    if (lamports < leastLamports) return undefined;
    return { from, to: accounts.walletOf(to), token: wrappedSol, amount: lamports, received: lamports };
  }
  const change = tokenAccountChange(instruction);
  if (change === undefined || change.kind === "opened") return undefined;
  if (change.kind === "given") {
    const account = accounts.get(change.account, true);
    accounts.give(change.account, change.owner);
    const amount = accounts.heldAt(position, change.account);
    return { from: account?.owner, to: change.owner, token: account?.mint, amount, received: amount };
  }
  const account = accounts.get(change.account);
  // A closed account held nothing but its rent, unless it held wrapped SOL.
  if (account?.mint !== wrappedSol) return undefined;
  const amount = accounts.heldAt(position, change.account);
  const to = accounts.walletOf(change.to);
  return { from: account.owner, to, token: wrappedSol, amount, received: amount };
}

interface TokenAccount {
  readonly owner?: string | undefined;
  readonly mint: string;
}

/** Owners and contents of token accounts while a transaction runs. Accounts that exist only within it have no balance listed. */
class TokenAccounts {
  readonly #balances: BlockTransaction["tokenBalances"];
  readonly #transfers: TransactionTransfers;
  readonly #opened = new Map<string, TokenAccount | Instruction>();
  readonly #given = new Map<string, TokenAccount>();
  readonly #held = new Map<string, bigint>();
  /** Transfers before this position are in `#held`. */
  #counted = 0;

  constructor({ tokenBalances }: BlockTransaction, transfers: TransactionTransfers) {
    this.#balances = tokenBalances;
    this.#transfers = transfers;
  }

  /** Remembers an instruction that may open an account. It is read only if the account's owner is asked for. */
  opens(instruction: Instruction): void {
    const [first, second, third, fourth] = instruction.accounts;
    if (instruction.program === programId.associatedTokenAccount) {
      // Accounts: who pays, the account, its owner, the mint.
      if (second !== undefined && third !== undefined && fourth !== undefined)
        this.#opened.set(second, { owner: third, mint: fourth });
    } else if (first !== undefined && !this.#opened.has(first) && isTokenProgram(instruction.program)) {
      if (mayOpenAccount(instruction.data)) this.#opened.set(first, instruction);
    }
  }

  give(account: string, owner: string): void {
    const mint = this.get(account)?.mint;
    if (mint !== undefined) this.#given.set(account, { owner, mint });
  }

  /** @param asOpened Whether the owner who opened the account counts, and not the one who has it in the end. */
  get(account: string, asOpened = false): TokenAccount | undefined {
    const given = this.#given.get(account);
    if (given !== undefined) return given;
    const listed = this.#balances.get(account);
    return asOpened || listed === undefined ? (this.#openedAs(account) ?? listed) : listed;
  }

  /** The owner of a token account; any other address is a wallet of its own. */
  walletOf(address: string): string | undefined {
    const account = this.get(address);
    return account === undefined ? address : account.owner;
  }

  /** Atoms in the account just before the instruction at `position`, as far as transfers moved them. */
  heldAt(position: number, account: string): bigint {
    for (; this.#counted < position; this.#counted++) {
      const transfer = this.#transfers.at(this.#counted);
      if (transfer === undefined) continue;
      const { from, to, amount, received } = transfer;
      this.#held.set(from, this.#heldIn(from) - amount);
      this.#held.set(to, this.#heldIn(to) + received);
    }
    return this.#heldIn(account);
  }

  #heldIn(account: string): bigint {
    return this.#held.get(account) ?? this.#balances.get(account)?.before ?? 0n;
  }

  #openedAs(account: string): TokenAccount | undefined {
    const opened = this.#opened.get(account);
    if (opened === undefined || !("data" in opened)) return opened;
    const change = tokenAccountChange(opened);
    if (change?.kind !== "opened") return undefined;
    this.#opened.set(account, change);
    return change;
  }
}

function isDirect({ program, topProgram }: Instruction): boolean {
  return (isTokenProgram(program) || program === programId.system) && !publicPrograms.has(topProgram);
}
