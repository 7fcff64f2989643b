import { describe, expect, it } from "vitest";
import { patternProblem, seriesMatcher } from "./matchers.ts";

describe("matchers", () => {
  const labels = { service: "desk", pair: "SOL/USDC" };

  it.each([
    ["=", "desk", true],
    ["=", "maker", false],
    ["!=", "maker", true],
    ["=~", "de.k|maker", true],
    ["=~", "de", false],
    ["!~", "de", true],
    ["!~", "d.*", false],
  ] as const)("service%s%s: %j", (operator, value, expected) => {
    expect(seriesMatcher([{ label: "service", operator, value }])(labels)).toBe(expected);
  });

  it("must all match; a label that is absent is the empty text, also one that every object has", () => {
    const service = { label: "service", operator: "=", value: "desk" } as const;
    expect(seriesMatcher([])(labels)).toBe(true);
    expect(seriesMatcher([service, { label: "pair", operator: "!=", value: "SOL/USDC" }])(labels)).toBe(
      false,
    );
    for (const label of ["strategy", "constructor", "__proto__"]) {
      expect(seriesMatcher([service, { label, operator: "=", value: "" }])(labels)).toBe(true);
    }
  });
});

describe("a regular expression", () => {
  it.each(["a|b", "SOL/.*", "(?:a|b)+", "[(]+", "\\(a+\\)+", "a{2}", "(a+)b", "^a$", "a.*b"])(
    "%s is allowed",
    (pattern) => {
      expect(patternProblem(pattern)).toBeUndefined();
    },
  );

  it.each([
    "(",
    "[",
    "a{2",
    "(a+)+",
    "(a|b*)*",
    "((a+))+",
    "(?:x(a{2}))*",
    "(a)\\1",
    "(?=a)",
    "(?<!a)b",
    "a".repeat(501),
  ])("%s is not", (pattern) => {
    expect(patternProblem(pattern)).toBeTypeOf("string");
  });

  it("that is allowed is fast on any text", () => {
    const match = seriesMatcher([{ label: "x", operator: "=~", value: ".*a.*b.*c" }]);
    expect(match({ x: "a".repeat(200) })).toBe(false);
  });
});
