import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

test("all parts, if none is named", () => {
  expect(parseOptions([])).toEqual({ json: false, quick: false, only: ["starts", "calls", "trades"] });
});

test("a part", () => {
  expect(parseOptions(["--only", "calls", "--quick"])).toMatchObject({ only: ["calls"], quick: true });
});

test("what is no part is named", () => {
  expect(() => parseOptions(["--only", "calls,trade"])).toThrow('"trade" is none of starts, calls, trades');
});
