import { decodeAnswer } from "@slipstream/testing/otlp-schema";
import { afterEach, describe, expect, test, vi } from "vitest";
import { tracesBody, tracesJsonBody, tradeSpan } from "../intake/testing/bodies.ts";
import { type Receiver, startReceiver } from "../intake/testing/receiver.ts";
import { busy } from "../log/errors.ts";
import type { Log } from "../log/log.ts";
import { createMemoryLog } from "../log/memory-log.ts";
import { BEGINNING, numberOf } from "../log/position.ts";
import { tick } from "../log/testing/folder.ts";
import { createSparseLog } from "../log/testing/sparse-log.ts";
import { createJournal, type Journal } from "./journal.ts";
import { collecting } from "./testing/collecting.ts";

describe("when the log cannot keep up", () => {
  let receiver: Receiver;
  afterEach(() => receiver.close());

  /** A log that commits when it is told to, or fails. */
  const held = (): { log: Log; commit: () => void; fail: (reason: string) => void } => {
    const inner = createMemoryLog({ maxBytes: 1e9 });
    const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
    const log: Log = {
      ...inner,
      append: (record) =>
        new Promise((resolve, reject) => {
          waiting.push({ resolve: () => resolve(inner.append(record)), reject });
        }),
    };
    return {
      log,
      commit: () => {
        for (const { resolve } of waiting.splice(0)) resolve();
      },
      fail: (reason) => {
        for (const { reject } of waiting.splice(0)) reject(new Error(reason));
      },
    };
  };

  test("no answer before the commit; what would be too much in flight is told to come back", async () => {
    const { log, commit } = held();
    const body = tracesBody(tradeSpan());
    receiver = await startReceiver({ log, maxInFlightBytes: body.length * 3 });
    let answered = 0;
    const first = [1, 2, 3].map(() => receiver.send(body).finally(() => answered++));
    await vi.waitUntil(() => receiver.intake.bytesInFlight() === body.length * 3, { timeout: 5000 });
    const turnedAway = await receiver.send(body);
    expect(turnedAway.status).toBe(429);
    expect(Number(turnedAway.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(decodeAnswer("RpcStatus", turnedAway.body)).toMatchObject({ code: 8 });
    expect([answered, receiver.committed.length]).toEqual([0, 0]);

    commit();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(receiver.intake.bytesInFlight()).toBe(0);
    const next = receiver.send(body);
    await vi.waitUntil(() => receiver.intake.bytesInFlight() > 0, { timeout: 5000 });
    commit();
    expect((await next).status).toBe(200);
  });

  test("a log that fails gives 503 with the reason, and the engine sees nothing of it", async () => {
    const { log, commit, fail } = held();
    receiver = await startReceiver({ log });
    const refused = receiver.send(tracesJsonBody(tradeSpan()));
    await vi.waitUntil(() => receiver.intake.bytesInFlight() > 0, { timeout: 5000 });
    fail("disk full");
    const answer = await refused;
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(JSON.parse(String(answer.body))).toMatchObject({ code: 14, error: { code: "log_unavailable" } });
    expect(String(answer.body)).toContain("disk full");
    expect(receiver.committed).toEqual([]);
    const next = receiver.send(tracesBody(tradeSpan()));
    await vi.waitUntil(() => receiver.intake.bytesInFlight() > 0, { timeout: 5000 });
    commit();
    expect((await next).status).toBe(200);
    expect(receiver.committed).toHaveLength(1);
  });

  test("a log at its bound turns away with 429", async () => {
    const { log } = held();
    receiver = await startReceiver({ log: { ...log, append: () => Promise.reject(busy(1)) } });
    const answer = await receiver.send(tracesBody(tradeSpan()));
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("a record that was refused and is in the log all the same", () => {
  /** Appends fail at these positions, although they take place. */
  const lying = (...positions: number[]): Log => {
    const inner = createMemoryLog({ maxBytes: 1e9 });
    return {
      ...inner,
      get position() {
        return inner.position;
      },
      append: async (record) => {
        const position = await inner.append(record);
        if (positions.includes(numberOf(position))) throw new Error("no answer came");
        return position;
      },
    };
  };

  const setUp = (log: Log): { journal: Journal; seen: [number, number][]; errors: unknown[] } => {
    const seen: [number, number][] = [];
    const errors: unknown[] = [];
    const journal = createJournal({
      log,
      retryMs: 1,
      pipeline: collecting(({ receivedMs }, position) => seen.push([numberOf(position), receivedMs])),
      onError: (error) => errors.push(error),
    });
    return { journal, seen, errors };
  };

  test("is given to the engine before what follows it, as a replay would", async () => {
    const { journal, seen, errors } = setUp(lying(1, 3, 4));
    const results = await Promise.allSettled([10, 20, 30, 40, 50, 60].map((ms) => journal.commit(tick(ms))));
    expect(results.map(({ status }) => status)).toEqual([
      "rejected",
      "fulfilled",
      "rejected",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(seen).toEqual([10, 20, 30, 40, 50, 60].map((ms, index) => [index + 1, ms]));
    expect(errors).toEqual([]);
  });

  test("is read again where it could not be read, and nothing overtakes it", async () => {
    const log = lying(2);
    let fails = 3;
    const { journal, seen, errors } = setUp({
      ...log,
      position: BEGINNING,
      read: (after) => {
        if (fails-- > 0) throw new Error("input/output error");
        return log.read(after);
      },
    });
    await Promise.allSettled([10, 20, 30].map((ms) => journal.commit(tick(ms))));
    expect(seen.map(([position]) => position)).toEqual([1, 2, 3]);
    expect(errors).toHaveLength(3);
  });

  test("without a failure nothing is read back, however far apart the positions are", async () => {
    const log = createSparseLog();
    const { journal, seen } = setUp({
      ...log,
      read: () => {
        throw new Error("there is nothing to look for");
      },
    });
    await Promise.all([1, 2, 3].map((ms) => journal.commit(tick(ms))));
    expect(seen.map(([, ms]) => ms)).toEqual([1, 2, 3]);
  });
});

test("an error in the engine is reported and does not stop the records behind it", async () => {
  const seen: number[] = [];
  const errors: unknown[] = [];
  const journal = createJournal({
    log: createMemoryLog({ maxBytes: 1e6 }),
    pipeline: collecting((_, position) => {
      if (numberOf(position) === 1) throw new Error("bug");
      seen.push(numberOf(position));
    }),
    onError: (error) => errors.push(error),
  });
  await Promise.all([journal.commit(tick(1)), journal.commit(tick(2))]);
  expect(seen).toEqual([2]);
  expect(errors).toMatchObject([{ message: "bug" }]);
});
