import { expect, test } from "vitest";
import { duration, printedProgress } from "./progress.ts";

test("durations are read at a glance", () => {
  expect([0, 412, 9_940, 9_960, 59_400, 60_000, 200_000].map(duration)).toEqual([
    "0.0 s",
    "0.4 s",
    "9.9 s",
    "10 s",
    "59 s",
    "1 min 0 s",
    "3 min 20 s",
  ]);
});

test("on a terminal, a line stays above the one about what goes on, which is gone at the end", async () => {
  let text = "";
  const progress = printedProgress({ isTTY: true, write: (chunk) => (text += chunk) });
  let finish = (_: string): void => {};
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const during = progress.during("Building", work);
  progress.line("one line");
  finish("done");
  expect(await during).toBe("done");
  expect(text).toBe("Building\r\x1b[Kone line\nBuilding\r\x1b[K");
});

test("elsewhere there are only whole lines", async () => {
  let text = "";
  const progress = printedProgress({ write: (chunk) => (text += chunk) });
  await progress.during("Building", Promise.resolve());
  progress.line("one line");
  expect(text).toBe("one line\n");
});
