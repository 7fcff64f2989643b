import { base58 } from "@scure/base";
import { programId, u64, wrappedSol } from "@slipstream/solana";

/** Blocks of a chain on which wallets swap in one pool and pass tokens on, as `getBlock` answers. */
export const TOKEN: string = key("the token");

const raydium = "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8";
const POOL = "pool";

/** An address that stands for a name. */
export function key(name: string): string {
  const bytes = new Uint8Array(32).fill(1);
  bytes.set(new TextEncoder().encode(name).subarray(0, 32));
  return base58.encode(bytes);
}

interface Account {
  readonly mint: string;
  owner: string;
  held: bigint;
}

interface RawInstruction {
  readonly program: string;
  readonly accounts: readonly string[];
  readonly data: Uint8Array;
  readonly depth: number;
}

/** What one transaction does, step by step. The names of token accounts are free; an account is opened when it is first used. */
export class WalletTransaction {
  readonly instructions: RawInstruction[] = [];
  readonly #chain: WalletChain;
  #depth = 1;

  constructor(chain: WalletChain) {
    this.#chain = chain;
  }

  /** Everything in `steps` is called by the program. */
  calledBy(program: string, steps: () => void): this {
    this.#run(program, [], []);
    this.#depth++;
    steps();
    this.#depth--;
    return this;
  }

  /** Swaps in the pool. @returns The output that the pool paid. */
  swap(source: string, target: string, amountIn: bigint): bigint {
    const chain = this.#chain;
    const { mint } = chain.account(source);
    const [vaultIn, vaultOut] = mint === TOKEN ? ["vault token", "vault sol"] : ["vault sol", "vault token"];
    const received = amountIn - chain.feeOn(mint, amountIn);
    const net = received - (received * 25n + 9_999n) / 10_000n;
    const [reserveIn, reserveOut] = [chain.account(vaultIn).held, chain.account(vaultOut).held];
    const out = (reserveOut * net) / (reserveIn + net);
    const data = new Uint8Array(17);
    data[0] = 16;
    this.#run(
      raydium,
      [
        programId.token,
        key(POOL),
        key("authority"),
        "vault token",
        "vault sol",
        source,
        target,
        chain.account(source).owner,
      ],
      data,
    );
    this.#depth++;
    this.transfer(source, vaultIn, amountIn);
    this.transfer(vaultOut, target, out);
    this.#depth--;
    return out;
  }

  /** Buys with SOL, or sells for it, with a wallet's own accounts. @returns The output. */
  buy(wallet: string, amountIn: bigint): bigint {
    return this.swap(this.#chain.sol(wallet), this.#chain.tokens(wallet), amountIn);
  }

  sell(wallet: string, amountIn: bigint): bigint {
    return this.swap(this.#chain.tokens(wallet), this.#chain.sol(wallet), amountIn);
  }

  /** Moves tokens between accounts. @returns What arrived. */
  transfer(
    from: string,
    to: string,
    amount: bigint,
    { form = "checked", authority }: { form?: "plain" | "checked" | "fee"; authority?: string } = {},
  ): bigint {
    const chain = this.#chain;
    const [source, target] = [chain.account(from), chain.account(to)];
    const fee = chain.feeOn(source.mint, amount);
    source.held -= amount;
    target.held += amount - fee;
    const by = authority ?? source.owner;
    const program = fee > 0n ? programId.token2022 : programId.token;
    if (form === "plain") this.#run(program, [from, to, by], bytes([3], u64(amount)));
    else if (form === "checked")
      this.#run(program, [from, source.mint, to, by], bytes([12], u64(amount), [6]));
    else this.#run(program, [from, source.mint, to, by], bytes([26, 1], u64(amount), [6], u64(fee)));
    return amount - fee;
  }

  /** Passes tokens from a wallet's account to another's. @returns What arrived. */
  pass(from: string, to: string, amount: bigint, form: "plain" | "checked" | "fee" = "checked"): bigint {
    return this.transfer(this.#chain.tokens(from), this.#chain.tokens(to), amount, { form });
  }

  lamports(from: string, to: string, amount: bigint): this {
    const data = bytes([2, 0, 0, 0], u64(amount));
    this.#run(programId.system, [from, to], data);
    return this;
  }

  /** Opens an account that is not opened by being used: one that the transaction closes again. */
  open(account: string, mint: string, owner: string): this {
    this.#chain.open(account, mint, owner);
    this.#run(programId.token, [account, mint], bytes([18], base58.decode(owner)));
    return this;
  }

  close(account: string, to: string): this {
    const { owner } = this.#chain.account(account);
    this.#run(programId.token, [account, to, owner], bytes([9]));
    this.#chain.remove(account);
    return this;
  }

  give(account: string, owner: string): this {
    const known = this.#chain.account(account);
    this.#run(programId.token, [account, known.owner], bytes([6, 2, 1], base58.decode(owner)));
    known.owner = owner;
    return this;
  }

  #run(program: string, accounts: readonly string[], data: ArrayLike<number>): void {
    this.instructions.push({ program, accounts, data: Uint8Array.from(data), depth: this.#depth });
  }
}

export class WalletChain {
  readonly #accounts = new Map<string, Account>();
  readonly #fees: ReadonlyMap<string, bigint>;
  #transactions: object[] = [];
  #count = 0;

  /** @param feeBps Fee that the token's mint withholds of each transfer, basis points. */
  constructor(feeBps = 0n) {
    this.#fees = new Map([[TOKEN, feeBps]]);
    this.open("vault sol", wrappedSol, key("authority")).held = 1_000_000_000_000n;
    this.open("vault token", TOKEN, key("authority")).held = 50_000_000_000_000n;
  }

  feeOn(mint: string, amount: bigint): bigint {
    return (amount * (this.#fees.get(mint) ?? 0n) + 9_999n) / 10_000n;
  }

  /** The wallet's account of wrapped SOL, with plenty in it. */
  sol(wallet: string): string {
    return this.#own(`${wallet} sol`, wrappedSol, wallet, 1_000_000_000_000n);
  }

  tokens(wallet: string): string {
    return this.#own(`${wallet} tokens`, TOKEN, wallet, 0n);
  }

  account(name: string): Account {
    const account = this.#accounts.get(name);
    if (account === undefined) throw new RangeError(`there is no account ${name}`);
    return account;
  }

  open(name: string, mint: string, owner: string): Account {
    const account = { mint, owner, held: 0n };
    this.#accounts.set(name, account);
    return account;
  }

  remove(name: string): void {
    this.#accounts.delete(name);
  }

  /** Adds a transaction. @returns Its signature. */
  run(signer: string, steps: (transaction: WalletTransaction) => void): string {
    const before = this.#balances();
    const transaction = new WalletTransaction(this);
    steps(transaction);
    const signature = `signature ${this.#count++}`;
    this.#transactions.push(
      answer(signature, key(signer), transaction.instructions, before, this.#balances()),
    );
    return signature;
  }

  /** The block of what ran since the last one, as `getBlock` answers it. */
  block(): object {
    const transactions = this.#transactions;
    this.#transactions = [];
    return { blockTime: 1_700_000_000, parentSlot: null, rewards: [], transactions };
  }

  #own(name: string, mint: string, wallet: string, held: bigint): string {
    if (!this.#accounts.has(name)) this.open(name, mint, key(wallet)).held = held;
    return name;
  }

  #balances(): Map<string, Account> {
    return new Map(Array.from(this.#accounts, ([name, account]) => [name, { ...account }]));
  }
}

function answer(
  signature: string,
  signer: string,
  ran: readonly RawInstruction[],
  before: ReadonlyMap<string, Account>,
  after: ReadonlyMap<string, Account>,
): object {
  const touched = ran.flatMap(({ program, accounts }) => [program, ...accounts]);
  const accountKeys = [...new Set([signer, ...touched])];
  const raw = ({ program, accounts, data, depth }: RawInstruction): object => ({
    programIdIndex: accountKeys.indexOf(program),
    accounts: accounts.map((name) => accountKeys.indexOf(name)),
    data: base58.encode(data),
    stackHeight: depth,
  });
  const top: object[] = [];
  const inner: { index: number; instructions: object[] }[] = [];
  for (const one of ran) {
    if (one.depth === 1) top.push(raw(one));
    else {
      const last = inner.at(-1);
      if (last?.index === top.length - 1) last.instructions.push(raw(one));
      else inner.push({ index: top.length - 1, instructions: [raw(one)] });
    }
  }
  const balances = (of: ReadonlyMap<string, Account>): object[] =>
    accountKeys.flatMap((name, accountIndex) => {
      const account = of.get(name);
      if (account === undefined) return [];
      const { mint, owner, held } = account;
      return [{ accountIndex, mint, owner, uiTokenAmount: { amount: String(held), decimals: 6 } }];
    });
  return {
    version: "legacy",
    transaction: { signatures: [signature], message: { accountKeys, instructions: top } },
    meta: {
      err: null,
      fee: 5_000,
      innerInstructions: inner,
      preBalances: accountKeys.map(() => 0),
      postBalances: accountKeys.map(() => 0),
      preTokenBalances: balances(before),
      postTokenBalances: balances(after),
    },
  };
}

function bytes(...parts: readonly Iterable<number>[]): number[] {
  return parts.flatMap((part) => [...part]);
}
