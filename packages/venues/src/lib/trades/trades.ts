import type { TradeFact } from "../facts.ts";
import { Recent } from "../recent.ts";
import { type SentTransaction, tipLamports } from "../transaction/sent-transaction.ts";
import type { CallOutcome } from "../venue.ts";
import type { JupiterCall, LandingCall, RpcCall, VenueCall } from "../venue-call.ts";
import { Applier } from "./apply-facts.ts";
import type { Attempt } from "./attempt.ts";
import { Attempts } from "./attempts.ts";
import { preparedSpan, tradeSpans } from "./finish.ts";
import type { Begun, Made } from "./made.ts";
import { isDecided, type Outcome, outcomeOf } from "./outcome.ts";
import type { TradeRef, TradeSpan } from "./output.ts";
import { SpanQueue } from "./span-queue.ts";
import { newTransaction, type TransactionState } from "./transaction-state.ts";

/** What is kept of trades and of offers at a time, each. */
const MOST = 1_000;
/** Of one attempt: transactions, others in their bundles, and ends of its calls. */
const MOST_TRANSACTIONS = 32;
const MOST_COMPANIONS = 16;
const MOST_ENDS = 64;
/** An offer waits so long for a swap that names it; then its spans go out as they are. */
const OFFER_MS = 2_000;
/** What is built and not sent in this time is no trade. A transaction cannot land after that. */
const UNSENT_MS = 90_000;

export type Spans<Context, Call> = readonly TradeSpan<Context, Call>[];

/**
 * Makes one trade of the calls of one trade: quote, swap, simulation, sends, polls. What the calls name counts first (the quote in a swap, the
 * message that is signed, a request id, a signature), then the async context, unless several trades share it. Time is handed in. Memory is
 * bounded: beyond it the oldest ends, with what is known of it.
 *
 * The spans that a method answers are to be made, in their order. Each comes once.
 */
export class Trades<Context, Call> {
  readonly #attempts = new Attempts<Context, Call>();
  readonly #applier = new Applier<Context, Call>(this.#attempts.links);
  readonly #queue = new SpanQueue<Context, Call>();
  /** Trades that have ended, by signature and by the scope that the service named: what comes later begins no new one. */
  readonly #over = new Recent<string, TradeRef<Context>>(MOST);
  readonly #namedOver = new WeakMap<object, TradeRef<Context>>();
  #cutShort = 0;

  /** Trades and offers that are open: while there are any, `due` is to be called. */
  get open(): number {
    return this.#attempts.open.size;
  }

  /** Trades that ended early because there were too many. */
  get cutShort(): number {
    return this.#cutShort;
  }

  /** Entries in memory: attempts, names of them, and facts of transactions that nobody has sent yet. */
  get size(): number {
    return this.open + this.#attempts.links.size + this.#applier.size;
  }

  /** A call leaves. Not called for a call that is never made. */
  began(call: VenueCall, made: Made<Context>): Begun<Context, Call> {
    const over = this.#overBefore(call, made);
    const nothing = { call, made, attempts: [], transactions: [], over };
    if (over !== undefined) return nothing;
    const sent = sentBy(call);
    if (sent !== undefined) return { ...nothing, ...this.#sends(call, made, sent) };
    const attempt = this.#attemptOf(call, made);
    if (attempt !== undefined && made.name !== undefined) this.#prepare(attempt, made);
    this.#bound(made.startMs);
    return { ...nothing, attempts: attempt === undefined ? [] : [attempt] };
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
      if (attempt.callEnds.length < MOST_ENDS) attempt.callEnds.push(endMs);
    }
    this.#applier.apply(outcome.facts, endMs, attempts[0], transactions);
    // A poll for several trades is a child of none.
    const isShared = call.kind === "rpc" && call.watched.length > 1;
    const attempt = attempts[0] ?? (isShared ? undefined : this.#alone(made, endMs));
    this.#queue.place(span, made.context, attempt, over);
    return this.#queue.take();
  }

  #alone(made: Made<Context>, nowMs: number): Attempt<Context, Call> | undefined {
    return this.#attempts.alone(made, (each) => isDecided(each, this.#applier.heights, nowMs));
  }

  /** Something came that answers no call, such as a notification. */
  noticed(facts: readonly TradeFact[], atMs: number): void {
    this.#applier.apply(facts, atMs, undefined, []);
  }

  /** What is known by now. To be called some times a second. */
  due(nowMs: number): Spans<Context, Call> {
    for (const attempt of this.#attempts.open) this.#check(attempt, nowMs);
    return this.#queue.take();
  }

  /** The process ends: everything goes out with what is known of it. */
  end(nowMs: number): Spans<Context, Call> {
    for (const attempt of this.#attempts.open) this.#cut(attempt, nowMs);
    return this.#queue.take();
  }

  /** Whose call it is that sends nothing. */
  #attemptOf(call: VenueCall, made: Made<Context>): Attempt<Context, Call> | undefined {
    const attempts = this.#attempts;
    if (call.kind === "landing") return attempts.named(made);
    if (call.kind === "rpc") {
      const { transaction, watched } = call;
      const simulated = transaction === undefined ? undefined : attempts.byData(transaction, made.scope);
      return attempts.watching(watched) ?? attempts.named(made) ?? simulated;
    }
    const { operation, details } = call;
    if (operation === "price") return attempts.named(made);
    if (operation === "swap") {
      const { quote, taker } = details;
      const attempt = attempts.named(made) ?? attempts.offered(quote?.key, made) ?? attempts.opened(made);
      attempt.quote ??= quote;
      attempt.taker = taker ?? attempt.taker;
      this.#prepare(attempt, made);
      return attempt;
    }
    const attempt = attempts.named(made) ?? attempts.opened(made);
    attempt.taker ??= details.taker;
    return attempt;
  }

  /** The trade that a call is of, if that has ended already. */
  #overBefore(call: VenueCall, { scope, name }: Made<Context>): TradeRef<Context> | undefined {
    for (const signature of signaturesOf(call)) {
      const over = this.#over.get(signature);
      if (over !== undefined) return over;
    }
    return name === undefined || scope === undefined ? undefined : this.#namedOver.get(scope);
  }

  #sends(
    call: VenueCall,
    made: Made<Context>,
    sent: readonly (SentTransaction | undefined)[],
  ): Pick<Begun<Context, Call>, "attempts" | "transactions"> {
    const byJupiter = call.kind === "jupiter";
    const requestId = byJupiter ? call.details.requestId : undefined;
    const service = call.kind === "landing" ? call.service : "";
    const found = sent.map((each) => this.#attempts.sender(made, each, requestId, byJupiter));
    const attempts = [...new Set(found)].filter((each) => each !== undefined);
    const transactions = sent.flatMap((each, index) => {
      const attempt = found[index];
      if (attempt !== undefined) return this.#sent(attempt, each, service, made) ?? [];
      if (attempts.length === 1 && each !== undefined) addCompanion(attempts[0], each);
      return [];
    });
    for (const attempt of attempts) this.#prepare(attempt, made);
    this.#bound(made.startMs);
    return { attempts, transactions };
  }

  /** A transaction of an attempt leaves, for the first time or again. */
  #sent(
    attempt: Attempt<Context, Call>,
    sent: SentTransaction | undefined,
    service: string,
    { startMs }: Made<Context>,
  ): TransactionState | undefined {
    const { transactions } = attempt;
    const known = transactions.find((each) => each.sent?.messageHash === sent?.messageHash);
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

  /** Its spans have a root from now on. */
  #prepare(attempt: Attempt<Context, Call>, { scope }: Made<Context>): void {
    this.#attempts.links.enter(attempt, scope);
    if (attempt.isPrepared) return;
    attempt.isPrepared = true;
    this.#queue.release(attempt, attempt.ref);
  }

  #check(attempt: Attempt<Context, Call>, nowMs: number): void {
    if (attempt.transactions.length > 0) {
      const outcome = outcomeOf(attempt, this.#applier.heights, nowMs);
      if (outcome !== undefined) this.#finish(attempt, outcome);
      return;
    }
    if (!attempt.isPrepared && nowMs >= attempt.lastMs + OFFER_MS) this.#queue.release(attempt, undefined);
    if (nowMs >= attempt.lastMs + UNSENT_MS) this.#cut(attempt, nowMs);
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
    if (attempt.isPrepared) this.#queue.add(preparedSpan(attempt));
    else this.#queue.release(attempt, undefined);
    this.#attempts.close(attempt);
  }

  #finish(attempt: Attempt<Context, Call>, outcome: Outcome): void {
    const { ref, startMs, transactions, name, scopes } = attempt;
    this.#queue.add(...tradeSpans(attempt, outcome, this.#applier.solUsd(startMs)));
    for (const { signature } of transactions) if (signature !== undefined) this.#over.set(signature, ref);
    if (name !== undefined) for (const scope of scopes) this.#namedOver.set(scope, ref);
    this.#attempts.close(attempt);
  }

  /** Offers and trades are counted apart: many quotes must not push out a trade. */
  #bound(nowMs: number): void {
    if (this.open <= MOST) return;
    const all = [...this.#attempts.open];
    const trades = all.filter(({ isPrepared }) => isPrepared);
    const offers = all.filter(({ isPrepared }) => !isPrepared);
    this.#cutShort += Math.max(0, trades.length - MOST);
    for (const kind of [trades, offers])
      for (const attempt of kind.slice(0, Math.max(0, kind.length - MOST))) this.#cut(attempt, nowMs);
  }
}

type Sending = RpcCall | JupiterCall | LandingCall;

/** What a call sends; undefined in the list: it could not be read. undefined: it sends nothing. */
function sentBy(call: Sending): readonly (SentTransaction | undefined)[] | undefined {
  switch (call.kind) {
    case "rpc":
      return call.method === "sendTransaction" ? [call.transaction] : undefined;
    case "landing":
      if (call.span === undefined) return undefined;
      return call.sent.length === 0 ? [undefined] : call.sent;
    case "jupiter":
      return call.operation === "execute" || call.operation === "submit" ? [call.details.sent] : undefined;
  }
}

/** Signatures that say which trade a call is of. */
function signaturesOf(call: VenueCall): readonly string[] {
  const asked = call.kind === "rpc" && call.watched.length === 1 ? call.watched : [];
  return [...asked, ...(sentBy(call) ?? []).flatMap((sent) => sent?.signature ?? [])];
}

/** A transaction of a bundle that only tips. */
function addCompanion(attempt: Attempt<unknown, unknown> | undefined, companion: SentTransaction): void {
  if (attempt === undefined || attempt.companionTips.size >= MOST_COMPANIONS) return;
  attempt.companionTips.set(companion.messageHash, tipLamports(companion));
}
