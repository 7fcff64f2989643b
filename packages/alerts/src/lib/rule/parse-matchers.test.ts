import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matcher } from "./condition.ts";
import { parseMatchers } from "./parse-matchers.ts";

describe("matchers", () => {
  it.each<[string, readonly Matcher[]]>([
    ["pair=SOL/USDC", [{ label: "pair", operator: "=", value: "SOL/USDC" }]],
    ['service=~"desk-\\d"', [{ label: "service", operator: "=~", value: "desk-\\d" }]],
    [
      ' service =~ "desk-.*" , pair!=BONK/USDC ',
      [
        { label: "service", operator: "=~", value: "desk-.*" },
        { label: "pair", operator: "!=", value: "BONK/USDC" },
      ],
    ],
    [
      'desk="",a!~b|c',
      [
        { label: "desk", operator: "=", value: "" },
        { label: "a", operator: "!~", value: "b|c" },
      ],
    ],
  ])("are read from %s", (text, matchers) => {
    expect(parseMatchers(text)).toEqual(matchers);
  });

  it.each([
    ["", 1, "a label is missing"],
    ["pair", 5, "after pair comes one of =, !=, =~, !~"],
    ["pair=", 6, "a value is missing"],
    ["pair=a,", 8, "a label is missing"],
    ['pair="a', 6, "the quotation mark is not closed"],
    ['pair=a"b"', 7, "must be quoted"],
    ['pair="a" b=c', 10, "separated by commas"],
    ["pair=~(", 7, "the regular expression is wrong"],
  ])("%j are wrong at column %i: %s", (text, column, problem) => {
    expect(parseMatchers(text)).toEqual({ column, problem: expect.stringContaining(problem) });
  });

  it("hold any value, if it is quoted", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aé"\\,=~!\n\ud83d\ude00 ') }), (value) => {
        const quoted = value.replaceAll(/["\\]/g, "\\$&");
        expect(parseMatchers(`a="${quoted}",b=c`)).toEqual([
          { label: "a", operator: "=", value },
          { label: "b", operator: "=", value: "c" },
        ]);
      }),
    );
  });

  it("are read or refused, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab=!~,"\\ .*(') }), (text) => {
        const read = parseMatchers(text);
        expect("problem" in read ? read.column : read.length).toBeGreaterThan(0);
      }),
    );
  });
});
