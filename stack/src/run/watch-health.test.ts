import { expect, test } from "vitest";
import { watchHealth } from "./watch-health.ts";

/** What is reported of something that answers like this, one look after the other; "x" is an error. */
async function reported(looks: string, misses: number = 3): Promise<readonly boolean[]> {
  const changes: boolean[] = [];
  let look = 0;
  await watchHealth({
    isHealthy: async () => {
      const answer = looks[look++];
      if (answer === "x") throw new Error("refused");
      return answer === "+";
    },
    isOver: () => look >= looks.length,
    onChange: (serves) => changes.push(serves),
    everyMs: 1,
    misses,
  });
  return changes;
}

test("one that stops serving is reported once, and once more when it serves again", async () => {
  expect(await reported("++-x---++-")).toEqual([false, true]);
});

test("one that misses a look now and then is not reported", async () => {
  expect(await reported("+--+-+--+-x+ ")).toEqual([]);
});
