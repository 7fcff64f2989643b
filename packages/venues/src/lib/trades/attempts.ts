import { programId } from "@slipstream/solana";
import type { SentTransaction } from "../transaction/sent-transaction.ts";
import type { Attempt } from "./attempt.ts";
import { keyOf, Links } from "./links.ts";
import type { Made } from "./made.ts";

/**
 * The attempts that are open, and which of them a call belongs to: by what it names first, then by the async context, unless several share
 * it.
 */
export class Attempts<Context, Call> {
  readonly links: Links<Context, Call> = new Links();
  readonly #open = new Set<Attempt<Context, Call>>();

  get open(): ReadonlySet<Attempt<Context, Call>> {
    return this.#open;
  }

  opened({ startMs, context, scope, name }: Made<Context>): Attempt<Context, Call> {
    const attempt: Attempt<Context, Call> = {
      ref: { context },
      scopes: new Set(),
      name,
      startMs,
      lastMs: startMs,
      isPrepared: false,
      isOver: false,
      transactions: [],
      companionTips: new Map(),
      quote: undefined,
      taker: undefined,
      executed: undefined,
      builtMs: undefined,
      callEnds: [],
      waiting: [],
      keys: new Set(),
    };
    this.links.enter(attempt, scope);
    this.#open.add(attempt);
    return attempt;
  }

  close(attempt: Attempt<Context, Call>): void {
    attempt.isOver = true;
    this.links.remove(attempt);
    this.#open.delete(attempt);
  }

  /** The one attempt of a scope that the service has named. */
  named(made: Made<Context>): Attempt<Context, Call> | undefined {
    if (made.name === undefined) return undefined;
    const [known] = this.links.inScope(made.scope).filter(({ name }) => name !== undefined);
    return known ?? this.opened(made);
  }

  /** The offer that a swap names. One that was taken already is offered again. */
  offered(key: string | undefined, made: Made<Context>): Attempt<Context, Call> | undefined {
    const found = key === undefined ? undefined : this.links.find(keyOf.quote(key), made.scope);
    if (found === undefined || !found.isPrepared) return found;
    const again = this.opened({ ...made, startMs: Math.min(made.startMs, found.startMs) });
    again.quote = found.quote;
    return again;
  }

  /** The trade of signatures that are asked for; undefined if they are of several. */
  watching(watched: readonly string[]): Attempt<Context, Call> | undefined {
    const found = new Set(watched.flatMap((each) => this.links.find(keyOf.signature(each), undefined) ?? []));
    return found.size === 1 ? [...found][0] : undefined;
  }

  /** Whose transaction it is, by its signature, its message, or what it swaps. */
  byData(
    { signature, messageHash, swapHashes }: SentTransaction,
    scope: object | undefined,
  ): Attempt<Context, Call> | undefined {
    const keys = [
      ...(signature === undefined ? [] : [keyOf.signature(signature)]),
      keyOf.message(messageHash),
      ...swapHashes.map(keyOf.swap),
    ];
    for (const key of keys) {
      const found = this.links.find(key, scope);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * The only attempt of a scope that runs, or the only one at all. If there are several, queues have mixed them, and nobody can tell. One whose
   * outcome is known stays a moment, in which a service that trades one after another has begun the next one.
   */
  alone(
    { scope }: Made<Context>,
    isDecided: (attempt: Attempt<Context, Call>) => boolean,
  ): Attempt<Context, Call> | undefined {
    const here = this.links.inScope(scope);
    if (here.length <= 1) return here[0];
    const running = here.filter((each) => !isDecided(each));
    return running.length === 1 ? running[0] : undefined;
  }

  /**
   * Whose transaction is sent; undefined if it is of no trade.
   * @param sent undefined: it could not be read
   * @param requestId of the order that it executes
   * @param byJupiter whether Jupiter sends it
   */
  sender(
    made: Made<Context>,
    sent: SentTransaction | undefined,
    requestId: string | undefined,
    byJupiter: boolean,
  ): Attempt<Context, Call> | undefined {
    const { scope } = made;
    const find = (key: string | undefined): Attempt<Context, Call> | undefined =>
      key === undefined ? undefined : this.links.find(key, scope);
    const again = find(sent?.signature === undefined ? undefined : keyOf.signature(sent.signature));
    if (again !== undefined) return again;
    const swaps = sent === undefined || sent.swapPrograms.length > 0;
    const known =
      (swaps ? this.named(made) : undefined) ??
      find(requestId === undefined ? undefined : keyOf.request(requestId)) ??
      (sent === undefined ? undefined : this.byData(sent, scope));
    if (known !== undefined) return known;
    if (!swaps && !byJupiter) return undefined;
    const here = this.links.inScope(scope).filter((each) => mayHaveLedTo(each, sent));
    const prepared = here.filter(({ isPrepared }) => isPrepared);
    const [only, ...others] = prepared.length > 0 ? prepared : here;
    if (only !== undefined && others.length === 0) return only;
    // Of what nobody could read, only Jupiter's are trades for certain.
    return sent === undefined && !byJupiter ? undefined : this.opened(made);
  }
}

/**
 * Whether an attempt of the same context may have led to a transaction that does not name it. An offer of Jupiter's leads to a swap by
 * Jupiter's program, and what was built for the service would have been known by its data.
 */
function mayHaveLedTo(
  { transactions, taker, builtMs }: Attempt<unknown, unknown>,
  sent: SentTransaction | undefined,
): boolean {
  if (transactions.length > 0) return false;
  if (sent === undefined) return true;
  const isTaken = taker === undefined || sent.feePayer === taker;
  return isTaken && builtMs === undefined && sent.swapPrograms.includes(programId.jupiter);
}
