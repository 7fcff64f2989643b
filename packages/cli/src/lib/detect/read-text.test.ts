import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { expect, test } from "vitest";
import { readText } from "./read-text.ts";

test("a byte order mark at the beginning of a file is no part of its text", async () => {
  const file = join(testFolder(), "block.json");
  writeFileSync(file, '\uFEFF{"mark":"\uFEFF"}\r\n');
  expect(await readText(file)).toBe('{"mark":"\uFEFF"}\r\n');
});
