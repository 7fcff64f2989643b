import { setTimeout as sleep } from "node:timers/promises";
import { moving } from "../contract.ts";
import { serveThread } from "../serve-thread.ts";
import { type SampleThread, sampleError } from "./contract.ts";

void serveThread<SampleThread>(({ starts, failing, endMs = 0 }, tell) => {
  const thread = Atomics.add(new Int32Array(starts), 0, 1) + 1;
  if (failing?.threads.includes(thread) === true) {
    if (failing.how === "exit") process.exit(3);
    throw sampleError(`thread ${thread} cannot open`);
  }
  return {
    opened: { thread },
    questions: {
      echo: (value) => value,
      double(bytes) {
        const doubled = bytes.map((byte) => 2 * byte);
        return moving(doubled, [doubled.buffer]);
      },
      later: (ms) => sleep(ms, "late"),
      throwSample() {
        throw sampleError("no", new RangeError("too far", { cause: "the root" }));
      },
      throwTypeError() {
        throw new TypeError("wrong");
      },
      uncloneable: () => () => undefined,
      die(how) {
        if (how === "once" && thread > 1) return `answered by thread ${thread}`;
        if (how === "throw") setImmediate(() => Promise.reject(sampleError("unhandled")));
        else process.exit(7);
        return sleep(60_000, "");
      },
      hang() {
        for (;;) Atomics.load(new Int32Array(starts), 0);
      },
    },
    orders: { say: (word) => tell("said", word) },
    async end() {
      tell("ending");
      await sleep(endMs);
    },
  };
});
