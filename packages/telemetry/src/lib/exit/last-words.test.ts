import { expect, test } from "vitest";
import { isNode } from "./last-words.ts";

test("only node itself is run", () => {
  expect(["/usr/bin/node", "/usr/bin/nodejs", "/opt/node24", "node.exe"].every(isNode)).toBe(true);
  expect(["/opt/desk/trader", "/usr/bin/electron", "/home/me/nodetrader", "/usr/bin/bun"].some(isNode)).toBe(
    false,
  );
});
