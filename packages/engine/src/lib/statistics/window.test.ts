import { expect, it } from "vitest";
import { nothingIn } from "./window.ts";

it("a window without anything says so in the units that people read", () => {
  const instant = {
    ...{ boundaryMs: 0, coveredMs: 0, receivedMs: 0 },
    ...{ newest: true, live: true, liveSinceMs: undefined },
  };
  expect([60, 300, 86_400].map((seconds) => nothingIn(seconds, "trades", instant))).toEqual([
    "no trades in the last 60 s",
    "no trades in the last 5 min",
    "no trades in the last 1 d",
  ]);
});
