import { SlipstreamError } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { watchThreads } from "@slipstream/testing/threads";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { moving } from "./contract.ts";
import { SupervisedThread, type SupervisedThreadOptions, type ThreadState } from "./supervised-thread.ts";
import type { SampleThread } from "./testing/contract.ts";

const NAME = "sample";
let starts: SharedArrayBuffer;
let states: ThreadState[];
let said: string[];

beforeEach(() => {
  [starts, states, said] = [new SharedArrayBuffer(4), [], []];
});

type Options = Partial<SupervisedThreadOptions<SampleThread>> & Partial<SampleThread["settings"]>;

function threadWith({ failing, endMs, ...options }: Options = {}): SupervisedThread<SampleThread> {
  const thread = new SupervisedThread<SampleThread>({
    module: "./testing/sample.worker",
    from: import.meta.url,
    name: NAME,
    youngGenerationMb: 4,
    settings: () => ({ starts, failing, endMs }),
    news: { said: (word) => said.push(word), ending: () => said.push("(ending)") },
    onState: (state) => states.push(state),
    unavailable: (reason, cause) =>
      new SlipstreamError("statistics_unavailable", `No thread: ${reason}.`, { cause }),
    backoff: { firstMs: 2, longestMs: 20 },
    closeMs: 5_000,
    ...options,
  });
  onTestFinished(() => thread.close());
  return thread;
}

const startCount = (): number => Atomics.load(new Int32Array(starts), 0);
const up = (): boolean => states.at(-1)?.up === true;
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error) => error,
  );

describe("questions and answers", () => {
  test("each gets its own answer; messages arrive in order with them", async () => {
    const thread = threadWith();
    expect(await thread.start()).toEqual({ thread: 1 });
    thread.tell("say", "a");
    const answers = Promise.all([
      thread.ask("echo", 1),
      thread.ask("later", 20),
      thread.ask("echo", { deep: [2n] }),
    ]);
    thread.tell("say", "b");
    expect(await answers).toEqual([1, "late", { deep: [2n] }]);
    expect(said).toEqual(["a", "b"]);
    expect(thread.waiting).toBe(0);
    expect(states).toEqual([]);
  });

  test("memory is moved when it is said so, both ways", async () => {
    const thread = threadWith();
    await thread.start();
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await thread.ask("double", moving(bytes, [bytes.buffer]))).toEqual(Uint8Array.of(2, 4, 6));
    expect(bytes.byteLength).toBe(0);
    const kept = Uint8Array.of(4);
    expect(await thread.ask("double", kept)).toEqual(Uint8Array.of(8));
    expect(kept).toEqual(Uint8Array.of(4));
  });

  test("errors keep class, code, field, causes and the thread's stack", async () => {
    const thread = threadWith();
    await thread.start();
    const error = (await errorOf(thread.ask("throwSample"))) as SlipstreamError;
    expect(error).toBeInstanceOf(SlipstreamError);
    expect(error).toMatchObject({ code: "log_unusable", field: "sample", message: "no" });
    expect(error.stack).toContain("sample.worker");
    const cause = error.cause as RangeError;
    expect(cause).toBeInstanceOf(RangeError);
    expect(cause.message).toBe("too far");
    expect((cause.cause as Error).message).toBe("the root");
    expect(await errorOf(thread.ask("throwTypeError"))).toBeInstanceOf(TypeError);
  });

  test("what cannot be cloned is an error of that question alone", async () => {
    const thread = threadWith();
    await thread.start();
    const [failed, answered] = await Promise.all([errorOf(thread.ask("uncloneable")), thread.ask("echo", 1)]);
    expect(failed).toBeInstanceOf(Error);
    expect(String(failed)).toContain("could not be cloned");
    expect(answered).toBe(1);
    expect(String(await errorOf(thread.ask("echo", () => 1)))).toContain("could not be cloned");
    expect(await thread.ask("echo", 2)).toBe(2);
  });
});

describe("a thread that ends", () => {
  test.each(["exit", "throw"] as const)(
    "by %s is restarted; its questions fail; both are told once",
    async (how) => {
      const thread = threadWith();
      await thread.start();
      const lost = [thread.ask("die", how), thread.ask("later", 60_000)].map(errorOf);
      for (const error of await Promise.all(lost))
        expect(error).toMatchObject({ code: "statistics_unavailable" });
      await eventually("a new thread is ready", up);
      expect(await thread.ask("echo", "again")).toBe("again");
      expect(states.map((state) => state.up)).toEqual([false, true]);
      const reason = how === "exit" ? "its thread ended with exit code 7" : "its thread failed: unhandled";
      expect(states[0]).toMatchObject({ reason, gaveUp: false });
      expect(thread.fault).toBeUndefined();
      expect(startCount()).toBe(2);
    },
  );

  test("has its repeated questions asked again of the next one, in order", async () => {
    const thread = threadWith({ repeated: ["die", "echo"] });
    await thread.start();
    const order: unknown[] = [];
    const dying = thread.ask("die", "once").then((answer) => order.push(answer));
    const after = Array.from({ length: 1_000 }, (_, i) =>
      thread.ask("echo", i).then((answer) => order.push(answer)),
    );
    const failed = errorOf(thread.ask("later", 60_000));
    expect(await failed).toMatchObject({ code: "statistics_unavailable" });
    // Asked while there is no thread.
    const meanwhile = thread.ask("echo", "meanwhile").then((answer) => order.push(answer));
    await Promise.all([dying, ...after, meanwhile]);
    expect(order).toEqual([
      "answered by thread 2",
      ...Array.from({ length: 1_000 }, (_, i) => i),
      "meanwhile",
    ]);
  });

  test("loses none of 1,000 questions in flight: each is answered or fails", async () => {
    const threads = watchThreads();
    onTestFinished(() => threads.stop());
    const thread = threadWith();
    await thread.start();
    const outcomes = Array.from({ length: 1_000 }, (_, i) =>
      errorOf(thread.ask(i % 2 === 0 ? "echo" : "later", 500)),
    );
    await threads.kill(NAME);
    for (const outcome of await Promise.all(outcomes)) {
      if (outcome !== "no error") expect(outcome).toMatchObject({ code: "statistics_unavailable" });
    }
    expect(thread.waiting).toBe(0);
    await eventually("a new thread is ready", up);
  });

  test("by hanging is ended and restarted", async () => {
    const thread = threadWith({ hungMs: 300 });
    await thread.start();
    const [hung, other] = await Promise.all([errorOf(thread.ask("hang")), errorOf(thread.ask("echo", 1))]);
    for (const error of [hung, other]) expect(error).toMatchObject({ code: "statistics_unavailable" });
    expect(states[0]).toMatchObject({ up: false, reason: "its thread has not reacted for 0.3 s" });
    await eventually("a new thread is ready", up);
    expect(await thread.ask("echo", 1)).toBe(1);
  });
});

describe("a thread that cannot open", () => {
  test("at first: start fails with its own error, and nothing is tried again", async () => {
    const thread = threadWith({ failing: { threads: [1], how: "throw" } });
    const error = await errorOf(thread.start());
    expect(error).toBeInstanceOf(SlipstreamError);
    expect(error).toMatchObject({ message: "thread 1 cannot open" });
    expect(await errorOf(thread.ask("echo", 1))).toMatchObject({ code: "statistics_unavailable" });
    expect(states).toEqual([]);
    await thread.close();
    expect(startCount()).toBe(1);
  });

  test.each([
    ["./testing/broken.worker", "broken at import"],
    ["./testing/nowhere.worker", "nowhere.worker"],
  ])("because of its module %s: start fails and says why", async (module, why) => {
    const error = await errorOf(threadWith({ module }).start());
    expect(error).toMatchObject({ code: "statistics_unavailable" });
    expect(String(error)).toContain(why);
  });

  test("later: it is tried again, and each reason is told once", async () => {
    const thread = threadWith({ failing: { threads: [2, 3, 4], how: "throw" } });
    await thread.start();
    await errorOf(thread.ask("die", "exit"));
    await eventually("it opens at last", up);
    expect(startCount()).toBe(5);
    expect(states.map((state) => (state.up ? "up" : state.reason))).toEqual([
      "its thread ended with exit code 7",
      "thread 2 cannot open",
      "thread 3 cannot open",
      "thread 4 cannot open",
      "up",
    ]);
  });

  test("is given up after so many failures in a row, if it has to be", async () => {
    const failing = { threads: [1, 2, 3, 4, 5, 6], how: "exit" } as const;
    const thread = threadWith({ retryStart: true, mostFailures: 2, repeated: ["echo"], failing });
    const [started, asked] = await Promise.all([errorOf(thread.start()), errorOf(thread.ask("echo", 1))]);
    for (const error of [started, asked]) expect(error).toMatchObject({ code: "statistics_unavailable" });
    expect(states.at(-1)).toMatchObject({ up: false, gaveUp: true });
    expect(startCount()).toBe(3);
    expect(await errorOf(thread.ask("echo", 1))).toMatchObject({ code: "statistics_unavailable" });
  });
});

describe("close", () => {
  test("lets the thread finish, and may be called twice", async () => {
    const thread = threadWith({ endMs: 20 });
    await thread.start();
    const last = thread.ask("echo", "last");
    await Promise.all([thread.close(), thread.close()]);
    expect(await last).toBe("last");
    expect(said).toEqual(["(ending)"]);
    expect(await errorOf(thread.ask("echo", 1))).toMatchObject({ message: "No thread: it is closed." });
    expect(states).toEqual([]);
  });

  test("ends a thread that does not finish, or hangs", async () => {
    for (const hangs of [false, true]) {
      const thread = threadWith({ closeMs: 50, endMs: 60_000 });
      await thread.start();
      const lost = errorOf(hangs ? thread.ask("hang") : thread.ask("later", 60_000));
      await thread.close();
      expect(await lost).toMatchObject({ code: "statistics_unavailable" });
    }
    // The first begins to end, if the machine lets it in time; the second cannot.
    expect(said.length).toBeLessThanOrEqual(1);
  });

  test("while it is restarted ends that, and its questions", async () => {
    const thread = threadWith({ repeated: ["echo"], backoff: { firstMs: 60_000, longestMs: 60_000 } });
    await thread.start();
    await errorOf(thread.ask("die", "exit"));
    const waiting = errorOf(thread.ask("echo", 1));
    await thread.close();
    expect(await waiting).toMatchObject({ message: "No thread: it is closed." });
    expect(startCount()).toBe(1);
  });

  test("before or while it starts", async () => {
    const early = threadWith();
    await early.close();
    expect(await errorOf(early.start())).toMatchObject({ code: "statistics_unavailable" });
    const starting = threadWith();
    const started = errorOf(starting.start());
    await starting.close();
    const outcome = await started;
    if (outcome !== "no error") expect(outcome).toMatchObject({ code: "statistics_unavailable" });
  });
});

test("a thread on demand starts with the first question, ends when idle, and starts again", async () => {
  const threads = watchThreads();
  onTestFinished(() => threads.stop());
  const thread = threadWith({ onDemand: { idleMs: 10 } });
  expect(startCount()).toBe(0);
  expect(await thread.ask("echo", 1)).toBe(1);
  await eventually("it ends when idle", () => !thread.isRunning);
  expect(await thread.ask("echo", 2)).toBe(2);
  await errorOf(thread.ask("die", "exit"));
  await eventually("it can be asked again", () =>
    thread.ask("echo", 3).then(
      (answer) => answer === 3,
      () => false,
    ),
  );
  expect(threads.named(NAME).length).toBeGreaterThanOrEqual(3);
});
