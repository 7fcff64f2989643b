import type { Attempt } from "./attempt.ts";

/** Of one attempt. */
const MOST_NAMES = 128;
const MOST_SCOPES = 16;

type Any<Context, Call> = Attempt<Context, Call>;

/**
 * Finds attempts by what their calls name (a quote, a request id, a message, a swap, a signature), and by the async context that calls were
 * made in. Each name may belong to several: two equal quotes have one name.
 */
export class Links<Context, Call> {
  readonly #byKey = new Map<string, Set<Any<Context, Call>>>();
  readonly #byScope = new Map<object, Set<Any<Context, Call>>>();

  link(attempt: Any<Context, Call>, key: string): void {
    if (attempt.keys.has(key) || attempt.keys.size >= MOST_NAMES) return;
    attempt.keys.add(key);
    put(this.#byKey, key, attempt);
  }

  enter(attempt: Any<Context, Call>, scope: object | undefined): void {
    if (scope === undefined || attempt.scopes.has(scope) || attempt.scopes.size >= MOST_SCOPES) return;
    attempt.scopes.add(scope);
    put(this.#byScope, scope, attempt);
  }

  /** The one that has the name: of several the one of this context, then the one without a transaction, then the oldest. */
  find(key: string, scope: object | undefined): Any<Context, Call> | undefined {
    const found = this.#byKey.get(key);
    if (found === undefined) return undefined;
    const [only] = found;
    if (found.size === 1) return only;
    const isHere = (attempt: Any<Context, Call>): boolean => scope !== undefined && attempt.scopes.has(scope);
    return [...found].sort(
      (a, b) =>
        Number(isHere(b)) - Number(isHere(a)) ||
        Number(a.transactions.length > 0) - Number(b.transactions.length > 0) ||
        a.startMs - b.startMs,
    )[0];
  }

  inScope(scope: object | undefined): readonly Any<Context, Call>[] {
    return scope === undefined ? [] : [...(this.#byScope.get(scope) ?? [])];
  }

  remove(attempt: Any<Context, Call>): void {
    for (const key of attempt.keys) take(this.#byKey, key, attempt);
    for (const scope of attempt.scopes) take(this.#byScope, scope, attempt);
  }

  /** Names and contexts that are remembered. */
  get size(): number {
    return this.#byKey.size + this.#byScope.size;
  }
}

function put<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, new Set([value]));
  else found.add(value);
}

function take<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const found = map.get(key);
  found?.delete(value);
  if (found?.size === 0) map.delete(key);
}

export const keyOf = {
  quote: (key: string): string => `quote ${key}`,
  request: (id: string): string => `request ${id}`,
  message: (hash: string): string => `message ${hash}`,
  swap: (hash: string): string => `swap ${hash}`,
  signature: (signature: string): string => `signature ${signature}`,
} as const;
