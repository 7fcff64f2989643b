import { spanName } from "@slipstream/conventions";
import type { TradeFact } from "../facts.ts";
import type { SentTransaction } from "../transaction/sent-transaction.ts";
import type { CallOutcome } from "../venue.ts";
import type { VenueCall } from "../venue-call.ts";
import { Applier } from "./apply-facts.ts";
import type { Attempt, TradeName } from "./attempt.ts";
import { keyOf, Links } from "./links.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { PREPARED, type TradeRef, type TradeSpan } from "./output.ts";
import { Recent } from "./recent.ts";
import { acceptedMs, rootAttributes } from "./root-attributes.ts";
import { newTransaction, type TransactionState } from "./transaction-state.ts";

/** What is kept of trades and of offers at a time, each. */
const MOST = 1_000;
/** Spans of one attempt that wait, transactions of one, and ends of its calls. */
const MOST_WAITING = 64;
const MOST_TRANSACTIONS = 32;
const MOST_COMPANIONS = 16;
/** An offer waits so long for a swap that names it; then its spans go out as they are. */
const OFFER_MS = 2_000;
/** What is built and not sent in this time is no trade. A transaction cannot land after that. */
const UNSENT_MS = 90_000;

/** Where and when a call was made. */
export interface Made<Context> {
  /** Unix ms. */
  readonly startMs: number;
  readonly context: Context;
  /** The async context, by identity: calls with the same one may belong together. */
  readonly scope?: object | undefined;
  /** The service says that this scope is one trade, and which. */
  readonly name?: TradeName | undefined;
}

/** A call that has begun. */
export interface Begun<Context, Call> {
  readonly call: VenueCall;
  readonly made: Made<Context>;
  readonly attempts: readonly Attempt<Context, Call>[];
  /** What it sends. */
  readonly transactions: readonly TransactionState[];
  /** A trade that has ended already. */
  readonly over: TradeRef<Context> | undefined;
}

export type Spans<Context, Call> = readonly TradeSpan<Context, Call>[];

/**
 * Makes one trade of the calls of one trade: quote, swap, simulation, sends, polls. What the calls name counts first (the quote in a swap, the
 * message that is signed, a request id, a signature), then the async context, unless several trades share it. Time is handed in. Each method
 * answers the spans to make. Memory is bounded: beyond it the oldest ends, with what is known of it.
 */
export class Trades<Context, Call> {
  readonly #links = new Links<Context, Call>();
  readonly #open = new Set<Attempt<Context, Call>>();
  /** Trades that have ended, by signature: what is said of them later begins no new one. */
  readonly #over = new Recent<string, TradeRef<Context>>(MOST);
  /** The same, by the scope that the service has named. */
  readonly #namedOver = new WeakMap<object, TradeRef<Context>>();
  readonly #applier = new Applier<Context, Call>(this.#links);
  #released: TradeSpan<Context, Call>[] = [];
  #cutShort = 0;

  /** Trades that ended early because there were too many. */
  get cutShort(): number {
    return this.#cutShort;
  }

  /** What is kept: attempts, names of them, and facts of transactions that nobody has sent yet. */
  get size(): number {
    return this.#open.size + this.#links.size + this.#applier.size;
  }

  /** A call leaves. Not called for a call that is never made. */
  began(call: VenueCall, made: Made<Context>): Begun<Context, Call> {
    const begun = (
      attempts: readonly (Attempt<Context, Call> | undefined)[],
      transactions: readonly TransactionState[] = [],
      over?: TradeRef<Context>,
    ): Begun<Context, Call> => ({
      call,
      made,
      attempts: [...new Set(attempts)].filter((each) => each !== undefined),
      transactions,
      over,
    });
    const over = this.#isOver(call, made);
    if (over !== undefined) return begun([], [], over);
    const named = made.name === undefined ? undefined : this.#ofScope(made);
    switch (call.kind) {
      case "rpc":
        if (call.method === "sendTransaction") return this.#sends(call, made, [call.transaction], "", begun);
        return begun([this.#watching(call.watched) ?? named ?? this.#simulating(call.transaction, made)]);
      case "landing":
        return call.span === undefined
          ? begun([named])
          : this.#sends(call, made, call.sent, call.service, begun);
      case "jupiter":
        break;
    }
    const { operation, details } = call;
    switch (operation) {
      case "quote":
      case "order":
      case "build": {
        const attempt = named ?? this.#opened(made);
        attempt.taker ??= details.taker;
        return begun([attempt]);
      }
      case "swap": {
        const { quote, taker } = details;
        const attempt = named ?? this.#offered(quote?.key, made) ?? this.#opened(made);
        attempt.quote ??= quote;
        attempt.taker = taker ?? attempt.taker;
        this.#prepare(attempt, made);
        return begun([attempt]);
      }
      case "execute":
      case "submit":
        return this.#sends(call, made, [details.sent], "", begun);
      case "price":
        return begun([named]);
    }
  }

  /**
   * A call has ended.
   * @param span of the call, which comes back when it is known whose child it is
   */
  ended(begun: Begun<Context, Call>, outcome: CallOutcome, endMs: number, span: Call): Spans<Context, Call> {
    const { call, made, attempts, transactions, over } = begun;
    for (const transaction of transactions) {
      transaction.pending--;
      if (outcome.ok === undefined) transaction.isUncertain = true;
    }
    for (const attempt of attempts) {
      attempt.lastMs = Math.max(attempt.lastMs, endMs);
      if (attempt.callEnds.length < MOST_WAITING) attempt.callEnds.push(endMs);
    }
    this.#applier.apply(outcome.facts, endMs, attempts[0], transactions);
    const attempt =
      attempts.length > 0
        ? attempts[0]
        : call.kind === "rpc" && call.watched.length > 1
          ? undefined
          : this.#alone(made);
    this.#place({ kind: "call", call: span, context: made.context, trade: undefined }, attempt, over);
    return this.#taken();
  }

  /** Something came that answers no call, such as a notification. */
  noticed(facts: readonly TradeFact[], atMs: number): void {
    this.#applier.apply(facts, atMs, undefined, []);
  }

  /** What is known by now. To be called some times a second. */
  due(nowMs: number): Spans<Context, Call> {
    for (const attempt of this.#open) this.#check(attempt, nowMs);
    return this.#taken();
  }

  /** The process ends: everything goes out with what is known of it. */
  end(nowMs: number): Spans<Context, Call> {
    for (const attempt of this.#open) this.#cut(attempt, nowMs);
    return this.#taken();
  }

  #check(attempt: Attempt<Context, Call>, nowMs: number): void {
    if (attempt.transactions.length > 0) {
      const outcome = outcomeOf(attempt, this.#applier.heights, nowMs);
      if (outcome !== undefined) this.#finish(attempt, outcome);
      return;
    }
    if (!attempt.isPrepared && nowMs >= attempt.lastMs + OFFER_MS) this.#release(attempt, undefined);
    if (nowMs < attempt.lastMs + UNSENT_MS) return;
    this.#cut(attempt, nowMs);
  }

  /** Ends an attempt with what is known of it. */
  #cut(attempt: Attempt<Context, Call>, nowMs: number): void {
    const [transaction] = attempt.transactions;
    if (transaction !== undefined) {
      const known = outcomeOf(attempt, this.#applier.heights, Number.POSITIVE_INFINITY);
      const unknown = { status: undefined, reason: undefined, atMs: nowMs, transaction };
      this.#finish(attempt, known?.status === undefined ? unknown : known);
      return;
    }
    if (!attempt.isPrepared) this.#release(attempt, undefined);
    else {
      const { ref, startMs, lastMs } = attempt;
      this.#released.push({
        kind: "root",
        name: PREPARED,
        trade: ref,
        startMs,
        endMs: lastMs,
        failed: false,
        attributes: {},
      });
    }
    this.#forget(attempt);
  }

  #finish(attempt: Attempt<Context, Call>, outcome: Outcome): void {
    const { ref, startMs, transactions } = attempt;
    for (const phase of phases(attempt, outcome))
      this.#released.push({ kind: "phase", trade: ref, ...phase });
    this.#released.push({
      kind: "root",
      name: spanName.tradeExecute,
      trade: ref,
      startMs,
      endMs: Math.max(startMs, outcome.atMs),
      failed: outcome.status === "failed",
      attributes: rootAttributes(attempt, outcome, this.#applier.solUsd(startMs)),
    });
    for (const { signature } of transactions) if (signature !== undefined) this.#over.set(signature, ref);
    if (attempt.name !== undefined) for (const scope of attempt.scopes) this.#namedOver.set(scope, ref);
    this.#forget(attempt);
  }

  #forget(attempt: Attempt<Context, Call>): void {
    this.#links.remove(attempt);
    this.#open.delete(attempt);
  }

  #taken(): Spans<Context, Call> {
    const taken = this.#released;
    this.#released = [];
    return taken;
  }

  /** Puts a call's span where it belongs: under its trade, in a queue until that is known, or under nothing. */
  #place(
    span: TradeSpan<Context, Call> & { kind: "call" },
    attempt: Attempt<Context, Call> | undefined,
    over: TradeRef<Context> | undefined,
  ): void {
    const trade = attempt?.isPrepared === true ? attempt.ref : over;
    if (
      attempt === undefined ||
      attempt.isPrepared ||
      attempt.waiting.length >= MOST_WAITING ||
      !this.#open.has(attempt)
    )
      this.#released.push({ ...span, trade });
    else attempt.waiting.push(span);
  }

  /** What waited goes out, as children of the trade or of nothing. */
  #release(attempt: Attempt<Context, Call>, trade: TradeRef<Context> | undefined): void {
    for (const span of attempt.waiting) this.#released.push({ ...span, trade });
    attempt.waiting = [];
  }

  #prepare(attempt: Attempt<Context, Call>, { scope }: Made<Context>): void {
    this.#links.enter(attempt, scope);
    if (attempt.isPrepared) return;
    attempt.isPrepared = true;
    this.#release(attempt, attempt.ref);
  }

  #opened({ startMs, context, scope, name }: Made<Context>): Attempt<Context, Call> {
    const attempt: Attempt<Context, Call> = {
      ref: { context },
      scopes: new Set(),
      name,
      startMs,
      lastMs: startMs,
      isPrepared: false,
      transactions: [],
      companionTips: new Map(),
      quote: undefined,
      taker: undefined,
      requestId: undefined,
      executed: undefined,
      builtMs: undefined,
      callEnds: [],
      waiting: [],
      keys: new Set(),
    };
    this.#links.enter(attempt, scope);
    this.#open.add(attempt);
    this.#bound(startMs);
    return attempt;
  }

  /** Offers and trades are counted apart: many quotes must not push out a trade. */
  #bound(nowMs: number): void {
    if (this.#open.size <= MOST) return;
    const all = [...this.#open];
    for (const kind of [all.filter(isTrade), all.filter((each) => !isTrade(each))]) {
      const [oldest] = kind.length > MOST ? kind : [];
      if (oldest === undefined) continue;
      if (isTrade(oldest)) this.#cutShort++;
      this.#cut(oldest, nowMs);
    }
  }

  /** The one attempt of a scope that the service has named. */
  #ofScope(made: Made<Context>): Attempt<Context, Call> {
    const [known] = this.#links.inScope(made.scope).filter(({ name }) => name !== undefined);
    const attempt = known ?? this.#opened(made);
    this.#prepare(attempt, made);
    return attempt;
  }

  /** The offer that a swap names. One that was taken already is offered again. */
  #offered(key: string | undefined, made: Made<Context>): Attempt<Context, Call> | undefined {
    const found = key === undefined ? undefined : this.#links.find(keyOf.quote(key), made.scope);
    if (found === undefined || !found.isPrepared) return found;
    const again = this.#opened({ ...made, startMs: Math.min(made.startMs, found.startMs) });
    again.quote = found.quote;
    return again;
  }

  #watching(watched: readonly string[]): Attempt<Context, Call> | undefined {
    const found = new Set(
      watched.flatMap((each) => this.#links.find(keyOf.signature(each), undefined) ?? []),
    );
    return found.size === 1 ? [...found][0] : undefined;
  }

  /** The trade that a call is of, if that has ended already. */
  #isOver(call: VenueCall, { scope, name }: Made<Context>): TradeRef<Context> | undefined {
    const signatures =
      call.kind === "rpc"
        ? call.watched.length > 1
          ? []
          : [...call.watched, call.transaction?.signature]
        : call.kind === "landing"
          ? call.sent.map(({ signature }) => signature)
          : [call.details.sent?.signature];
    for (const signature of signatures) {
      const over = signature === undefined ? undefined : this.#over.get(signature);
      if (over !== undefined) return over;
    }
    return name === undefined || scope === undefined ? undefined : this.#namedOver.get(scope);
  }

  #simulating(
    transaction: SentTransaction | undefined,
    { scope }: Made<Context>,
  ): Attempt<Context, Call> | undefined {
    return transaction === undefined ? undefined : this.#byData(transaction, scope);
  }

  #byData(
    { signature, messageHash, swapHashes }: SentTransaction,
    scope: object | undefined,
  ): Attempt<Context, Call> | undefined {
    const names = [
      ...(signature === undefined ? [] : [keyOf.signature(signature)]),
      keyOf.message(messageHash),
      ...swapHashes.map(keyOf.swap),
    ];
    for (const name of names) {
      const found = this.#links.find(name, scope);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The only attempt of a scope. If there are several, queues have mixed them, and nobody can tell. */
  #alone({ scope }: Made<Context>): Attempt<Context, Call> | undefined {
    const here = this.#links.inScope(scope);
    return here.length === 1 ? here[0] : undefined;
  }

  #sends(
    call: VenueCall,
    made: Made<Context>,
    sent: readonly (SentTransaction | undefined)[],
    service: string,
    begun: (
      attempts: readonly (Attempt<Context, Call> | undefined)[],
      transactions?: readonly TransactionState[],
      over?: TradeRef<Context>,
    ) => Begun<Context, Call>,
  ): Begun<Context, Call> {
    const found = (sent.length === 0 ? [undefined] : sent).map((each) => this.#sender(call, made, each));
    const attempts = [...new Set(found)].filter((each) => each !== undefined);
    const states = sent.flatMap((each, index) => {
      const attempt = found[index];
      if (attempt !== undefined) return this.#sentBy(attempt, each, service, made) ?? [];
      // A transaction of a bundle that only tips.
      const [only, ...others] = attempts;
      const tips = each?.tips.reduce((sum, { lamports }) => sum + lamports, 0) ?? 0;
      if (
        only !== undefined &&
        others.length === 0 &&
        each !== undefined &&
        only.companionTips.size < MOST_COMPANIONS
      )
        only.companionTips.set(each.messageHash, tips);
      return [];
    });
    const [unread] = sent.length === 0 ? attempts : [];
    if (unread !== undefined)
      states.push(...[this.#sentBy(unread, undefined, service, made)].filter((each) => each !== undefined));
    for (const attempt of attempts) this.#prepare(attempt, made);
    return begun(attempts, states);
  }

  /** Whose transaction is sent; undefined if it is of no trade. */
  #sender(
    call: VenueCall,
    made: Made<Context>,
    sent: SentTransaction | undefined,
  ): Attempt<Context, Call> | undefined {
    const again =
      sent?.signature === undefined
        ? undefined
        : this.#links.find(keyOf.signature(sent.signature), made.scope);
    if (again !== undefined) return again;
    if (made.name !== undefined && (sent === undefined || sent.swapPrograms.length > 0))
      return this.#ofScope(made);
    const requestId = call.kind === "jupiter" ? call.details.requestId : undefined;
    const ordered =
      requestId === undefined ? undefined : this.#links.find(keyOf.request(requestId), made.scope);
    if (ordered !== undefined) return ordered;
    const byData = sent === undefined ? undefined : this.#byData(sent, made.scope);
    if (byData !== undefined) return byData;
    if (sent !== undefined && sent.swapPrograms.length === 0 && call.kind !== "jupiter") return undefined;
    const here = this.#links
      .inScope(made.scope)
      .filter((each) => each.transactions.length === 0 && fits(each, sent));
    const [only, ...others] = here.some(({ isPrepared }) => isPrepared)
      ? here.filter(({ isPrepared }) => isPrepared)
      : here;
    if (only !== undefined && others.length === 0) return only;
    return sent === undefined && call.kind !== "jupiter" ? undefined : this.#opened(made);
  }

  #sentBy(
    attempt: Attempt<Context, Call>,
    sent: SentTransaction | undefined,
    service: string,
    { startMs }: Made<Context>,
  ): TransactionState | undefined {
    const { transactions } = attempt;
    const known = transactions.find((each) =>
      sent === undefined ? each.sent === undefined : each.sent?.messageHash === sent.messageHash,
    );
    if (known === undefined && transactions.length >= MOST_TRANSACTIONS) return undefined;
    const state = known ?? newTransaction(sent);
    if (known === undefined) transactions.push(state);
    state.services.add(service);
    state.pending++;
    state.firstSentMs = Math.min(state.firstSentMs, startMs);
    state.lastSentMs = Math.max(state.lastSentMs, startMs);
    this.#applier.register(attempt, state, sent?.signature);
    return state;
  }
}

/** Whether an attempt may have led to a transaction: somebody else's quote has not. */
function fits({ taker }: Attempt<unknown, unknown>, sent: SentTransaction | undefined): boolean {
  return taker === undefined || sent === undefined || sent.feePayer === taker;
}

function isTrade({ isPrepared }: Attempt<unknown, unknown>): boolean {
  return isPrepared;
}

/** Signing, from what came last until the first send; and confirming, from when it was taken until it was decided. */
function phases(attempt: Attempt<unknown, unknown>, outcome: Outcome) {
  const sentMs = Math.min(...attempt.transactions.map(({ firstSentMs }) => firstSentMs));
  const readyMs = Math.max(...attempt.callEnds.filter((endMs) => endMs <= sentMs));
  const taken = acceptedMs(attempt);
  const isSigned = attempt.builtMs !== undefined && Number.isFinite(readyMs) && attempt.builtMs <= sentMs;
  const isConfirmed = taken !== undefined && outcome.status !== undefined && outcome.atMs >= taken;
  return [
    ...(isSigned ? [{ name: spanName.solanaSign, startMs: readyMs, endMs: sentMs }] : []),
    ...(isConfirmed ? [{ name: spanName.solanaConfirm, startMs: taken, endMs: outcome.atMs }] : []),
  ];
}
