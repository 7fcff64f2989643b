import { expect, test } from "vitest";
import { contentFaults } from "./contents.ts";

const whole = {
  LICENSE: "",
  "README.md": "",
  "package.json": "{}",
  "src/index.ts": "",
  "dist/index.js": "",
  "dist/index.d.ts": "",
  "dist/index.js.map": '{"sources":["../src/index.ts"]}',
};

function faults(files: Readonly<Record<string, string>>): readonly string[] {
  return contentFaults(new Map(Object.entries(files)));
}

test("a package of programs, their sources and maps is right", () => {
  expect(faults(whole)).toEqual([]);
});

test.each([
  "src/lib/a.test.ts",
  "dist/lib/a.test.js",
  "src/lib/testing/a.ts",
  "dist/testing/a.js",
  "dist/.tsbuildinfo",
])("%s does not belong into a package", (path) => {
  expect(faults({ ...whole, [path]: "" })).toContain(`${path} does not belong into a package`);
});

test("README and LICENSE are not optional", () => {
  const { LICENSE: _, ...rest } = whole;
  expect(faults(rest)).toEqual(["LICENSE is missing"]);
});

test("a map leads nowhere if its source is missing", () => {
  const { "src/index.ts": _, ...rest } = whole;
  expect(faults(rest)).toEqual(["dist/index.js.map leads to src/index.ts, which is missing"]);
});

test("a source that was not built is reported", () => {
  expect(faults({ ...whole, "src/lib/docs.ts": "" })).toEqual([
    "src/lib/docs.ts has no declarations in dist",
  ]);
});
