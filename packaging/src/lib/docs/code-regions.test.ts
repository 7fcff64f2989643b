import { expect, test } from "vitest";
import { outdated } from "../manifests/files.ts";
import { region, withCode } from "./code-regions.ts";
import { readme } from "./pages.ts";

const code = "before();\n// #region a\nfirst();\nsecond();\n// #endregion\nafter();\n";

test("a region is the code between its marks", () => {
  expect(region(code, "a")).toBe("first();\nsecond();\n");
  expect(() => region(code, "b")).toThrow("no region b");
});

test("only blocks with a mark are replaced", () => {
  const page = "```ts\nmine();\n```\n<!-- code: a.ts#a -->\n```ts\nold();\n```\n";
  const asked: string[] = [];
  const read = (path: string): string => {
    asked.push(path);
    return code;
  };
  expect(withCode(page, read)).toBe(
    "```ts\nmine();\n```\n<!-- code: a.ts#a -->\n```ts\nfirst();\nsecond();\n```\n",
  );
  expect(asked).toEqual(["a.ts"]);
});

test("the README's code is the examples'; else run `npm run docs`", () => {
  expect(outdated([readme()])).toEqual([]);
});

test("all TypeScript in the README comes from the examples", () => {
  const { text } = readme();
  const blocks = text.match(/^```ts$/gm) ?? [];
  expect(text.match(/^<!-- code: \S+ -->\n```ts$/gm)).toHaveLength(blocks.length);
});
