import { seededRandom } from "@slipstream/stats";
import { eventually } from "@slipstream/testing/eventually";
import { beforeEach, expect, test } from "vitest";
import { RetryLoop, type RetryOptions, type RetryWork } from "./retry-loop.ts";

/** Work of so many steps. `outcome` decides what becomes of each try. */
let left: number;
let tries: number;
let outcome: (attempt: number) => Promise<void>;
let states: [boolean, string | undefined][];
let waits: number[];

beforeEach(() => {
  [left, tries, states, waits] = [0, 0, [], []];
  outcome = async () => undefined;
});

function loopOf(options: RetryOptions = {}, work: Partial<RetryWork> = {}): RetryLoop {
  return new RetryLoop(
    {
      step: async () => {
        tries += 1;
        await outcome(tries);
        left -= 1;
      },
      hasMore: () => left > 0,
      onState: (up, reason) => states.push([up, reason]),
      ...work,
    },
    { wait: async (ms) => void waits.push(ms), random: seededRandom(7), ...options },
  );
}

const fails = async (): Promise<never> => {
  throw new Error("away");
};
/** A pause that ends only when the loop is closed. */
const waitForever = (_: number, signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("works step by step until nothing is left, and again when woken", async () => {
  const loop = loopOf();
  expect(loop.state).toEqual({ up: null });
  left = 3;
  loop.wake();
  loop.wake();
  await eventually("all is done", () => left === 0);
  left = 2;
  loop.wake();
  await eventually("all is done", () => left === 0);
  expect(tries).toBe(5);
  expect(loop.state).toEqual({ up: true });
  expect(states).toEqual([[true, undefined]]);
  expect(waits).toEqual([]);
});

test("tries a step that fails again, after pauses that double up to a limit and are spread by chance", async () => {
  const random = seededRandom(7);
  outcome = async (attempt) => {
    if (attempt <= 6) throw new Error(`failure ${attempt}`);
  };
  const loop = loopOf({ backoff: { firstMs: 100, longestMs: 800 } });
  left = 1;
  loop.wake();
  await eventually("it succeeds", () => left === 0);
  expect(waits).toEqual([100, 200, 400, 800, 800, 800].map((limit) => limit * (0.5 + random() / 2)));
  expect(loop.failures).toBe(0);
});

test("reports each change once, with the reason", async () => {
  outcome = async (attempt) => {
    if ((attempt >= 2 && attempt <= 4) || attempt === 7) throw new Error(`failure ${attempt}`);
  };
  const loop = loopOf();
  left = 6;
  loop.wake();
  await eventually("all is done", () => left === 0);
  expect(states).toEqual([
    [true, undefined],
    [false, "failure 2"],
    [true, undefined],
    [false, "failure 7"],
    [true, undefined],
  ]);
});

test("goes on although those who listen throw", async () => {
  outcome = async (attempt) => {
    if (attempt === 1) throw new Error("away");
  };
  const broken = (): never => {
    throw new Error("a listener's mistake");
  };
  const loop = loopOf({}, { onState: broken, onFailure: broken });
  left = 2;
  loop.wake();
  await eventually("all is done", () => left === 0);
  expect(loop.state).toEqual({ up: true });
});

test("close waits for the step under way and does what is left", async () => {
  let finish = (): void => {};
  outcome = async (attempt) => {
    if (attempt > 1) return;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  };
  const loop = loopOf();
  left = 3;
  loop.wake();
  await eventually("the first step is under way", () => tries === 1);
  const closed = loop.close();
  finish();
  await closed;
  await loop.close();
  expect(left).toBe(0);
  left = 1;
  loop.wake();
  await loop.close();
  expect(left).toBe(1);
});

test("close ends a pause, and gives up at a step that fails", async () => {
  outcome = fails;
  const loop = loopOf({ wait: waitForever });
  left = 5;
  loop.wake();
  await eventually("it pauses", () => loop.failures === 1);
  await loop.close();
  expect(tries).toBe(1);
  expect(loop.state).toEqual({ up: false, lastError: "away" });
});

test("close leaves what may be left, and does not wait for a step that hangs", async () => {
  const hangs = loopOf({ closeMs: 20 });
  outcome = () => new Promise(() => {});
  left = 1;
  hangs.wake();
  await eventually("the step is under way", () => tries === 1);
  await hangs.close();
  expect(left).toBe(1);

  outcome = () => new Promise((resolve) => setImmediate(resolve));
  const optional = loopOf({}, { hasMore: (closing) => !closing });
  optional.wake();
  await eventually("it works", () => optional.state.up === true);
  await optional.close();
  const done = tries;
  await new Promise((resolve) => setImmediate(resolve));
  expect(tries).toBe(done);
});
