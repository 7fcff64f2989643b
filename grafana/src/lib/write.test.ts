import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { files } from "./write.ts";

test.each(files())("$path matches the code (if not, run: npm run docs)", ({ file, text }) => {
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("there is no other dashboard", () => {
  const folder = new URL("../../dashboards/", import.meta.url);
  expect(readdirSync(folder).sort()).toEqual(
    files()
      .map(({ path }) => basename(path))
      .sort(),
  );
});
