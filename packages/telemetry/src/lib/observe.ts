/** Called once with the outcome of a call. Must not throw. */
export interface Observer {
  succeeded(): void;
  failed(error: unknown): void;
}

/**
 * Calls `fn` and reports its outcome to `observer`: immediately, or when the returned promise settles.
 * Results and errors pass through unchanged. A native promise is followed with `then`, and the caller gets an
 * equal promise. Observing a rejection in any other way would mark it as handled and hide it from a process
 * that relies on `unhandledRejection`. Any other thenable (a query builder that starts at its first `then`, a
 * promise with methods of its own) is returned as it is, and followed when the caller follows it.
 */
export function observed<T>(fn: () => T, observer: Observer): T {
  let answer: T;
  try {
    answer = fn();
  } catch (error) {
    observer.failed(error);
    throw error;
  }
  if (isPlainPromise(answer)) {
    return answer.then(
      (value) => {
        observer.succeeded();
        return value;
      },
      (error: unknown) => {
        observer.failed(error);
        throw error;
      },
    ) as T;
  }
  if (!followThen(answer, observer)) observer.succeeded();
  return answer;
}

function isPlainPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise && value.constructor === Promise && !Object.hasOwn(value, "then");
}

const THEN = "then";
type Then = (onFulfilled?: unknown, onRejected?: unknown) => unknown;

/**
 * Overrides the thenable's `then` until it is called. Returns false if `answer` is not a thenable or cannot
 * be followed.
 */
function followThen(answer: unknown, observer: Observer): boolean {
  if ((typeof answer !== "object" && typeof answer !== "function") || answer === null) return false;
  try {
    const original: unknown = (answer as { then?: unknown }).then;
    if (typeof original !== "function") return false;
    const before = Object.getOwnPropertyDescriptor(answer, "then");
    const followed: Then = function (this: unknown, onFulfilled, onRejected) {
      if (before === undefined) delete (answer as { then?: unknown }).then;
      else Object.defineProperty(answer, THEN, before);
      return (original as Then).call(
        this,
        (value: unknown) => {
          observer.succeeded();
          return typeof onFulfilled === "function" ? onFulfilled(value) : value;
        },
        (error: unknown) => {
          observer.failed(error);
          if (typeof onRejected === "function") return onRejected(error);
          throw error;
        },
      );
    };
    Object.defineProperty(answer, THEN, {
      value: followed,
      configurable: true,
      writable: true,
      enumerable: false,
    });
    return true;
  } catch {
    return false;
  }
}
