/** The parts of a recorded block that are changed. */
interface Transaction {
  readonly transaction: {
    readonly signatures: readonly string[];
    readonly message: { readonly accountKeys: readonly string[]; readonly instructions: readonly object[] };
  };
  readonly meta: {
    readonly loadedAddresses?: { readonly writable: readonly string[]; readonly readonly: readonly string[] };
    readonly preTokenBalances: readonly { readonly owner?: string }[];
    readonly postTokenBalances: readonly { readonly owner?: string }[];
  };
}

interface RecordedBlock {
  readonly transactions: readonly Transaction[];
}

const voteProgram = "Vote111111111111111111111111111111111111111";
const trades = 1500;
const votes = 1500;

/**
 * A block as mainnet has them, of 1,500 transactions and as many votes: a recorded block's, several times, with other accounts and
 * signatures each time. Programs, mints and what many transactions share stay the same.
 * @param number another one gives other accounts
 */
export function mainnetBlock(recorded: string, number: number): string {
  const block = JSON.parse(recorded) as RecordedBlock;
  const isVote = ({ transaction }: Transaction): boolean =>
    transaction.message.accountKeys.includes(voteProgram);
  const shared = sharedKeys(block.transactions);
  const repeated = (kind: readonly Transaction[], count: number, from: number): Transaction[] =>
    Array.from({ length: count }, (_, at) => {
      const one = kind[at % kind.length];
      if (one === undefined) throw new Error("the recorded block has none of them");
      return renamed(one, number * 64 + from + Math.floor(at / kind.length), shared);
    });
  const others = block.transactions.filter((one) => !isVote(one));
  const mixed = [repeated(others, trades, 0), repeated(block.transactions.filter(isVote), votes, 0)];
  const transactions = Array.from({ length: trades + votes }, (_, at) => mixed[at % 2]?.[Math.floor(at / 2)]);
  return JSON.stringify({ ...block, transactions });
}

/** Programs, and accounts that many transactions name. */
function sharedKeys(transactions: readonly Transaction[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { transaction } of transactions)
    for (const key of transaction.message.accountKeys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > 20).map(([key]) => key));
}

function renamed(one: Transaction, copy: number, shared: ReadonlySet<string>): Transaction {
  const name = (key: string): string => (shared.has(key) || key.includes("1111") ? key : other(key, copy));
  const owned = <T extends { readonly owner?: string }>(balances: readonly T[]): T[] =>
    balances.map((balance) =>
      balance.owner === undefined ? balance : { ...balance, owner: name(balance.owner) },
    );
  const { transaction, meta } = one;
  const { message } = transaction;
  const loaded = meta.loadedAddresses;
  return {
    ...one,
    transaction: {
      ...transaction,
      signatures: transaction.signatures.map((signature) => other(signature, copy)),
      message: { ...message, accountKeys: message.accountKeys.map(name) },
    },
    meta: {
      ...meta,
      ...(loaded && {
        loadedAddresses: { writable: loaded.writable.map(name), readonly: loaded.readonly.map(name) },
      }),
      preTokenBalances: owned(meta.preTokenBalances),
      postTokenBalances: owned(meta.postTokenBalances),
    },
  };
}

const digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Another key or signature of the same length. */
function other(text: string, copy: number): string {
  const shifted = (at: number, by: number): string =>
    digits[(digits.indexOf(text[at] ?? "1") + by) % digits.length] ?? "1";
  return `${text.slice(0, 8)}${shifted(8, copy)}${shifted(9, Math.floor(copy / 58))}${text.slice(10)}`;
}
