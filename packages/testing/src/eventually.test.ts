import { expect, test } from "vitest";
import { eventually } from "./eventually.ts";

test("asks until there is an answer, whatever was thrown before", async () => {
  const answers = [undefined, null, false, new Error("not yet"), 0];
  const answer = await eventually("a number", () => {
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  });
  expect(answer).toBe(0);
});

test("fails after the deadline with what it waited for, and why it failed last", async () => {
  const away = new Error("away");
  const waiting = eventually("an answer", () => Promise.reject(away), 5);
  await expect(waiting).rejects.toMatchObject({ message: "Not within 5 ms: an answer", cause: away });
  await expect(eventually("an answer", () => false, 5)).rejects.toThrow("Not within 5 ms: an answer");
});
