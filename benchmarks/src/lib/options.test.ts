import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

const known = ["record", "render"];

test("by default every benchmark, in full, as text", () => {
  expect(parseOptions([], known)).toEqual({ json: false, quick: false, only: known });
});

test("takes a list, --quick and --json", () => {
  expect(parseOptions(["--only", "render", "--quick", "--json"], known)).toEqual({
    json: true,
    quick: true,
    only: ["render"],
  });
  expect(parseOptions(["-h"], known)).toBe("help");
});

test("names the argument that is wrong", () => {
  expect(() => parseOptions(["--only", "recrod"], known)).toThrow(
    /"recrod" is no benchmark; there are record, render/,
  );
  expect(() => parseOptions(["--fast"], known)).toThrow(/--fast/);
});
