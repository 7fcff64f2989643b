import { ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { type Following, follow, type Listening, UnreadAnswers } from "./following.ts";
import { Guard } from "./guard.ts";

const exchange = {
  transport: "fetch",
  method: "GET",
  url: "http://node/",
  body: undefined,
  bodyKnown: true,
  startMs: 0,
  context: ROOT_CONTEXT,
} as const;

/** A request that is followed, and what its follower is told. */
function following(): {
  readonly it: Following | undefined;
  readonly told: unknown[];
  readonly listening: Listening;
} {
  const told: unknown[] = [];
  const observer = {
    started: () => ({
      headers: undefined,
      wantsBody: true,
      answered: (status: number) => told.push(status),
      ended: (body: unknown, atMs: number) => told.push(["ended", body, atMs]),
      failed: (error: unknown) => told.push(["failed", error]),
    }),
  };
  const listening = { observer, guard: new Guard(() => {}), unread: new UnreadAnswers() };
  return { it: follow(exchange, listening), told, listening };
}

const minute = (): number => performance.now() + 60_000;

describe("an answer whose body nobody reads", () => {
  it("ended with its headers, some seconds later", () => {
    const { it: request, told } = following();
    request?.answered(
      200,
      () => null,
      () => false,
    );
    request?.expire(performance.now());
    expect(told).toEqual([200]);
    const before = performance.now();
    request?.expire(minute());
    expect(told).toEqual([200, ["ended", undefined, expect.any(Number)]]);
    expect((told[1] as number[])[2]).toBeLessThanOrEqual(before);
  });

  it("is waited for as long as somebody reads", () => {
    const { it: request, told } = following();
    request?.answered(
      200,
      () => null,
      () => true,
    );
    request?.expire(minute());
    request?.ended("late");
    expect(told).toEqual([200, ["ended", "late", expect.any(Number)]]);
  });

  it("ends when the process exits", () => {
    const { it: request, told, listening } = following();
    request?.answered(
      200,
      () => null,
      () => true,
    );
    listening.unread.settle();
    request?.failed(new Error("later"), false);
    expect(told).toHaveLength(2);
  });

  it("does not pile up without bound", () => {
    const { it: first, told, listening } = following();
    first?.answered(
      200,
      () => null,
      () => true,
    );
    for (let i = 0; i < 10_000; i += 1)
      follow(exchange, listening)?.answered(
        200,
        () => null,
        () => true,
      );
    expect(told.filter((entry) => Array.isArray(entry))).toHaveLength(1);
  });
});
