import { describe, expect, test } from "vitest";
import { observed } from "./observe.ts";

function watch() {
  const seen: unknown[] = [];
  return {
    seen,
    observer: { succeeded: () => seen.push("ok"), failed: (error: unknown) => seen.push(error) },
  };
}

describe("what passes through", () => {
  test("a value, the same object", () => {
    const { seen, observer } = watch();
    const value = {};
    expect(observed(() => value, observer)).toBe(value);
    expect(seen).toEqual(["ok"]);
  });

  test("a thrown value of any kind", () => {
    for (const thrown of [new Error("x"), undefined, null, 0, "text", { thenable: false }]) {
      const { seen, observer } = watch();
      let caught: unknown = "nothing";
      try {
        observed(() => {
          throw thrown;
        }, observer);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
      expect(seen).toEqual([thrown]);
    }
  });

  test("what a promise resolves to or rejects with, the same object", async () => {
    const { seen, observer } = watch();
    const value = {};
    const error = new Error("x");
    expect(await observed(async () => value, observer)).toBe(value);
    await expect(observed(() => Promise.reject(error), observer)).rejects.toBe(error);
    expect(seen).toEqual(["ok", error]);
  });

  test("a promise is not done before it settles", async () => {
    const { seen, observer } = watch();
    let resolve: (value: number) => void = () => {};
    const answer = observed(
      () =>
        new Promise<number>((done) => {
          resolve = done;
        }),
      observer,
    );
    await Promise.resolve();
    expect(seen).toEqual([]);
    resolve(1);
    expect(await answer).toBe(1);
    expect(seen).toEqual(["ok"]);
  });

  test("a rejection that nobody handles stays unhandled, one that somebody handles stays handled", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    const before = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", listener);
    try {
      const { observer } = watch();
      const lost = new Error("lost");
      void observed(() => Promise.reject(lost), observer);
      observed(() => Promise.reject(new Error("handled")), observer).catch(() => {});
      // Node reports unhandled rejections before it runs the next immediate.
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([lost]);
    } finally {
      process.off("unhandledRejection", listener);
      for (const each of before) process.on("unhandledRejection", each);
    }
  });
});

describe("other kinds of thenables", () => {
  class Query {
    started = 0;
    readonly outcome: unknown;
    constructor(outcome: unknown) {
      this.outcome = outcome;
    }
    where(): this {
      return this;
    }
    // biome-ignore lint/suspicious/noThenProperty: a query builder has one
    then(
      onFulfilled: (value: unknown) => unknown,
      onRejected: (error: unknown) => unknown,
    ): Promise<unknown> {
      this.started += 1;
      const { outcome } = this;
      const promise = outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
      return promise.then(onFulfilled, onRejected);
    }
  }

  test("a query that starts at its first then starts once, and only when the caller wants it", async () => {
    const { seen, observer } = watch();
    const query = new Query(42);
    const answer = observed(() => query, observer);
    expect(answer).toBe(query);
    expect(answer.where()).toBe(query);
    expect([query.started, seen]).toEqual([0, []]);
    expect(await answer).toBe(42);
    expect([query.started, seen]).toEqual([1, ["ok"]]);
    expect(Object.keys(query)).toEqual(["started", "outcome"]);
    expect(Object.hasOwn(query, "then")).toBe(false);
  });

  test("its failure", async () => {
    const { seen, observer } = watch();
    const error = new Error("syntax");
    const query = new Query(error);
    await expect(observed(async () => await query, observer)).rejects.toBe(error);
    await expect(Promise.resolve(observed(() => new Query(error), observer))).rejects.toBe(error);
    expect(seen).toEqual([error, error]);
  });

  test("a promise with methods of its own keeps them", async () => {
    class Cancellable extends Promise<number> {
      cancel(): string {
        return "cancelled";
      }
    }
    const { seen, observer } = watch();
    const promise = Cancellable.resolve(7) as Cancellable;
    const answer = observed(() => promise, observer);
    expect(answer).toBe(promise);
    expect(answer.cancel()).toBe("cancelled");
    expect(await answer).toBe(7);
    expect(seen).toEqual(["ok"]);
  });

  test("thenables that cannot be followed, and objects that throw when read, are returned as they are", () => {
    const { seen, observer } = watch();
    const frozen = Object.freeze(new Query(1));
    expect(observed(() => frozen, observer)).toBe(frozen);
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("hands off");
        },
      },
    );
    expect(observed(() => hostile, observer)).toBe(hostile);
    expect(seen).toEqual(["ok", "ok"]);
  });
});
