import { createServer } from "node:http";
import { listening } from "@slipstream/testing/listening";
import { expect, it } from "vitest";
import type { Place } from "./places.ts";
import { runCanary } from "./run-canary.ts";
import type { Target } from "./send.ts";

async function receiver(): Promise<Target> {
  const server = createServer((request, response) => request.resume().on("end", () => response.end("{}")));
  return { url: `http://127.0.0.1:${await listening(server)}`, headers: {}, isAggregator: false };
}

/** A place that usually takes no longer than 50 ms, and in which it is seen when it is looked for the tenth time. */
function slowPlace(): Place {
  let looks = 0;
  return {
    part: "traces",
    name: "a slow store",
    longestMs: 50,
    behindAggregator: false,
    remedy: "wait longer",
    look: async () => ++looks >= 10 || {},
  };
}

it("waits as long as it is told, also longer than a place may usually take", async () => {
  const target = await receiver();
  const usual = await runCanary({ target, places: [slowPlace()] });
  expect(usual.passages).toMatchObject([{ seconds: null }]);
  const patient = await runCanary({ target, places: [slowPlace()], waitMs: 60_000 });
  expect(patient.passages).toMatchObject([{ seconds: expect.any(Number) }]);
});
