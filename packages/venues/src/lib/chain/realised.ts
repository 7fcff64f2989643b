import { wrappedSol } from "@slipstream/solana";
import type { RealisedFact } from "../facts.ts";
import { field, list, whole } from "../json.ts";
import { address } from "./names.ts";
import { ownTransfers } from "./own-transfers.ts";

/** A transaction names 256 accounts at most. */
const MOST_ACCOUNTS = 256;
const MOST_GAINS = 64;

type Gain = RealisedFact["gains"][number];

/**
 * What a transaction on the chain paid, and what each owner gained in each token.
 *
 * Lamports count as wrapped SOL. Of those of the fee payer, the fee is not counted, nor what it transferred to others by instructions of
 * its own, such as a tip. Rent is not counted either: what accounts of its tokens hold to exist comes back when they are closed.
 * @param result an answer to `getTransaction`, in the encodings `json` and `jsonParsed`
 */
export function realised(signature: string, result: unknown): RealisedFact | undefined {
  const meta = field(result, "meta");
  const transaction = field(result, "transaction");
  const fee = whole(field(meta, "fee"));
  const keys = accountKeys(
    field(field(transaction, "message"), "accountKeys"),
    field(meta, "loadedAddresses"),
  );
  if (fee === undefined || keys === undefined) return undefined;
  const before = tokens(field(meta, "preTokenBalances"));
  const after = tokens(field(meta, "postTokenBalances"));
  const gains = new Map<string, Gain>();
  const add = (owner: string, mint: string, atoms: bigint): void => {
    const key = `${owner} ${mint}`;
    if (!gains.has(key) && gains.size >= MOST_GAINS) return;
    gains.set(key, { owner, mint, atoms: (gains.get(key)?.atoms ?? 0n) + atoms });
  };
  for (const { owner, mint, atoms } of after.values()) add(owner, mint, atoms);
  for (const { owner, mint, atoms } of before.values()) add(owner, mint, -atoms);
  const payer = keys[0];
  if (payer !== undefined) {
    const lamports = lamportGains(keys, meta, before, after);
    const own = ownTransfers(result, keys, payer);
    for (const [owner, atoms] of lamports) {
      add(owner, wrappedSol, owner === payer ? atoms + BigInt(fee) + own : atoms);
    }
  }
  return {
    kind: "realised",
    signature,
    fee,
    signatures: list(field(transaction, "signatures"))?.length ?? 1,
    gains: [...gains.values()].filter(({ atoms }) => atoms !== 0n),
  };
}

/** Names of the accounts, in order: those of the message, then those of look-up tables. */
function accountKeys(inMessage: unknown, loaded: unknown): readonly string[] | undefined {
  const named = list(inMessage);
  if (named === undefined) return undefined;
  const all = [
    ...named,
    ...(list(field(loaded, "writable")) ?? []),
    ...(list(field(loaded, "readonly")) ?? []),
  ];
  return all.slice(0, MOST_ACCOUNTS).map((key) => address(key) ?? address(field(key, "pubkey")) ?? "");
}

interface TokenAccount {
  readonly owner: string;
  readonly mint: string;
  readonly atoms: bigint;
}

/** By the account's index. */
function tokens(balances: unknown): ReadonlyMap<number, TokenAccount> {
  const accounts = new Map<number, TokenAccount>();
  for (const balance of (list(balances) ?? []).slice(0, MOST_ACCOUNTS)) {
    const index = whole(field(balance, "accountIndex"));
    const [owner, mint] = [address(field(balance, "owner")), address(field(balance, "mint"))];
    const amount = field(field(balance, "uiTokenAmount"), "amount");
    if (index === undefined || owner === undefined || mint === undefined) continue;
    if (typeof amount !== "string" || !/^\d{1,20}$/.test(amount)) continue;
    accounts.set(index, { owner, mint, atoms: BigInt(amount) });
  }
  return accounts;
}

/**
 * Lamports that each owner gained, in its own account and as rent of its token accounts. An account that opens takes rent from its owner
 * and one that closes gives it back: both together, the owner has lost and gained nothing. Accounts of wrapped SOL hold their tokens as
 * lamports too, which are counted among the tokens.
 */
function lamportGains(
  keys: readonly string[],
  meta: unknown,
  before: ReadonlyMap<number, TokenAccount>,
  after: ReadonlyMap<number, TokenAccount>,
): ReadonlyMap<string, bigint> {
  const [pre, post] = [list(field(meta, "preBalances")), list(field(meta, "postBalances"))];
  const gains = new Map<string, bigint>();
  const paidFor = new Set<string>();
  if (pre === undefined || post === undefined) return gains;
  const owners = new Set([...before.values(), ...after.values()].map(({ owner }) => owner));
  for (const [index, key] of keys.entries()) {
    const [from, to] = [whole(pre[index]), whole(post[index])];
    if (from === undefined || to === undefined) return new Map();
    const account = after.get(index) ?? before.get(index);
    const owner = account?.owner ?? key;
    // Only those that trade: others may gain what is no price.
    if (index !== 0 && !owners.has(owner)) continue;
    const gain = BigInt(to) - BigInt(from) - heldAsTokens(index, before, after);
    if (account !== undefined && gain !== 0n && owner !== keys[0]) paidFor.add(owner);
    gains.set(owner, (gains.get(owner) ?? 0n) + gain);
  }
  // Somebody else paid the rent of its accounts, so that its lamports say nothing of the trade.
  for (const owner of paidFor) gains.delete(owner);
  return gains;
}

/** By how much the wrapped SOL in an account grew. */
function heldAsTokens(
  index: number,
  before: ReadonlyMap<number, TokenAccount>,
  after: ReadonlyMap<number, TokenAccount>,
): bigint {
  const of = (account: TokenAccount | undefined): bigint =>
    account?.mint === wrappedSol ? account.atoms : 0n;
  return of(after.get(index)) - of(before.get(index));
}
