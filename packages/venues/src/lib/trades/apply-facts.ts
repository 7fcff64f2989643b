import type { RefusedFact, TradeFact } from "../facts.ts";
import { Recent } from "../recent.ts";
import type { Attempt } from "./attempt.ts";
import { Heights } from "./heights.ts";
import { keyOf, type Links } from "./links.ts";
import { addRefusal, addStatus, addWatch, type TransactionState } from "./transaction-state.ts";

/** Transactions of which something is known before they are sent, and blockhashes. */
const MOST = 1_000;
const MOST_EARLY = 8;
/** A price of SOL is of use for so long. */
const PRICE_MS = 60_000;

type Of<Context, Call> = Attempt<Context, Call>;
type SignatureFact = Extract<TradeFact, { readonly kind: "status" | "missing" | "realised" | "watching" }>;

/** Writes what facts say into the attempts that they are about. */
export class Applier<Context, Call> {
  readonly heights: Heights = new Heights();
  readonly #links: Links<Context, Call>;
  readonly #early = new Recent<string, { readonly fact: SignatureFact; readonly atMs: number }[]>(MOST);
  readonly #lastValid = new Recent<string, number>(MOST);
  #price: { readonly usd: number; readonly atMs: number } | undefined;

  constructor(links: Links<Context, Call>) {
    this.#links = links;
  }

  get size(): number {
    return this.#early.size + this.#lastValid.size;
  }

  /** Price of SOL if it is known for this time. */
  solUsd(atMs: number): number | undefined {
    return this.#price !== undefined && Math.abs(this.#price.atMs - atMs) <= PRICE_MS
      ? this.#price.usd
      : undefined;
  }

  /**
   * @param attempt of the call that was answered
   * @param transactions that it sent
   */
  apply(
    facts: readonly TradeFact[],
    atMs: number,
    attempt: Of<Context, Call> | undefined,
    transactions: readonly TransactionState[],
  ): void {
    for (const fact of facts) this.#apply(fact, atMs, attempt, transactions);
  }

  /** A transaction of an attempt has a signature: what is known of it already counts. */
  register(attempt: Of<Context, Call>, state: TransactionState, signature: string | undefined): void {
    const { sent } = state;
    if (sent !== undefined) state.lastValidHeight ??= this.#lastValid.get(sent.blockhash);
    if (signature === undefined) return;
    const other = this.#links.find(keyOf.signature(signature), undefined);
    // A transaction is of one trade: the one that said first what it sends.
    if (other !== undefined && other !== attempt) return;
    state.signature ??= signature;
    this.#links.link(attempt, keyOf.signature(signature));
    for (const { fact, atMs } of this.#early.get(signature) ?? []) addFact(state, fact, atMs);
    this.#early.delete(signature);
  }

  #apply(
    fact: TradeFact,
    atMs: number,
    attempt: Of<Context, Call> | undefined,
    transactions: readonly TransactionState[],
  ): void {
    switch (fact.kind) {
      case "status":
      case "missing":
      case "realised":
      case "watching":
        this.#ofSignature(fact, atMs);
        break;
      case "accepted":
        for (const state of this.#meant(fact.signature, transactions)) {
          state.acceptedMs = Math.min(state.acceptedMs, atMs);
          if (attempt !== undefined) this.register(attempt, state, fact.signature ?? state.signature);
        }
        break;
      case "refused":
        for (const state of transactions) refuse(state, fact, atMs);
        break;
      case "bundle":
        for (const state of transactions) state.bundleId ??= fact.bundleId;
        break;
      case "quote":
        if (attempt === undefined) break;
        attempt.quote ??= fact.quote;
        this.#links.link(attempt, keyOf.quote(fact.quote.key));
        if (fact.requestId !== undefined) this.#links.link(attempt, keyOf.request(fact.requestId));
        break;
      case "built":
        if (fact.transaction !== undefined && fact.lastValidHeight !== undefined)
          this.#valid(fact.transaction.blockhash, fact.lastValidHeight);
        if (attempt === undefined) break;
        attempt.builtMs = Math.max(attempt.builtMs ?? atMs, atMs);
        if (fact.transaction !== undefined)
          this.#links.link(attempt, keyOf.message(fact.transaction.messageHash));
        for (const hash of fact.swapHashes) this.#links.link(attempt, keyOf.swap(hash));
        if (fact.requestId !== undefined) this.#links.link(attempt, keyOf.request(fact.requestId));
        break;
      case "executed": {
        const found =
          attempt ??
          (fact.requestId === undefined
            ? undefined
            : this.#links.find(keyOf.request(fact.requestId), undefined));
        if (found === undefined) break;
        if (found.executed === undefined || (found.executed.fact.failed && !fact.failed))
          found.executed = { fact, atMs };
        const [state] = transactions;
        if (state === undefined) break;
        state.acceptedMs = fact.failed ? state.acceptedMs : Math.min(state.acceptedMs, atMs);
        // Who pays for a gasless order signs last, so that this is the first time that the signature is known.
        this.register(found, state, fact.signature);
        break;
      }
      case "height":
        this.heights.add(fact.height, atMs);
        break;
      case "blockhash":
        this.#valid(fact.blockhash, fact.lastValidHeight);
        break;
      case "sol_price":
        if (this.#price === undefined || atMs >= this.#price.atMs) this.#price = { usd: fact.usd, atMs };
        break;
    }
  }

  #valid(blockhash: string, height: number): void {
    this.#lastValid.set(blockhash, Math.max(height, this.#lastValid.get(blockhash) ?? 0));
  }

  /** What a service has taken: the transaction of this signature, else the only one that was sent. */
  #meant(
    signature: string | undefined,
    transactions: readonly TransactionState[],
  ): readonly TransactionState[] {
    const named = transactions.filter((each) => signature !== undefined && each.signature === signature);
    if (named.length > 0) return named;
    return transactions.filter((each) => each.signature === undefined).slice(0, 1);
  }

  #ofSignature(fact: SignatureFact, atMs: number): void {
    const { signature } = fact;
    const attempt = this.#links.find(keyOf.signature(signature), undefined);
    const state = attempt?.transactions.find((each) => each.signature === signature);
    if (attempt !== undefined && state !== undefined) {
      addFact(state, fact, atMs);
      return;
    }
    // A notification may overtake the answer that names the signature, and some subscribe before they send.
    const early = this.#early.get(signature) ?? [];
    if (early.length < MOST_EARLY) early.push({ fact, atMs });
    this.#early.set(signature, early);
  }
}

function addFact(state: TransactionState, fact: SignatureFact, atMs: number): void {
  switch (fact.kind) {
    case "status":
      addStatus(state, fact, atMs);
      break;
    case "missing":
      state.missingMs = Math.max(state.missingMs, atMs);
      break;
    case "realised":
      state.realised ??= fact;
      break;
    case "watching":
      addWatch(state, fact.isOver, atMs);
      break;
  }
}

function refuse(state: TransactionState, { isCertain, reason }: RefusedFact, atMs: number): void {
  if (isCertain) addRefusal(state, reason, atMs);
  else state.isUncertain = true;
}
