import fc from "fast-check";
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
  it.each([
    ...[
      "a|b",
      "SOL/.*",
      "[ab]+",
      "[(]+",
      "\\(a+\\)+",
      "a{2}",
      "(a+)b",
      "^a$",
      "a.*b",
      ".*a.*b.*",
      "(a+)?b",
      "x?",
    ],
    ...[
      "(SOL|USDC|WIF)/(USDC|USDT|SOL)",
      "\\p{Lu}+",
      "(?:ab)*",
      "(?i:sol)/.*",
      "(?<x>a)b",
      "[0-9]{1,3}(?:x)",
      "",
    ],
  ])("%s is allowed", (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  it.each([
    ...[
      "(",
      "[",
      "a{2",
      "(a+)+",
      "(a|b*)*",
      "((a+))+",
      "(?:x(a{2,}))*",
      "(a)\\1",
      "(?=a)",
      "(?<!a)b",
      "a".repeat(501),
    ],
    ...[
      "(a|a)*b",
      "(a|ab)*c",
      ".*.*.*.*x",
      "a?".repeat(30),
      "(a|a)".repeat(30),
      "(a?){30}",
      "(a{0,9}){9}",
      "a{0,99}".repeat(4),
    ],
  ])("%s is not", (pattern) => {
    expect(patternProblem(pattern)).toBeTypeOf("string");
  });

  it("that is allowed ends soon on any value, one that is refused may not", () => {
    const pieces = fc.constantFrom(
      "a",
      "b",
      ".",
      "[ab]",
      "a*",
      ".*",
      "a+",
      "b?",
      "a{2,5}",
      "(a|b)",
      "(?:a|ab)",
      "(ab)*",
      "|",
    );
    const patterns = fc.array(pieces, { maxLength: 12 }).map((list) => list.join(""));
    fc.assert(
      fc.property(
        patterns,
        fc.string({ maxLength: 257, unit: fc.constantFrom("a", "b") }),
        (pattern, text) => {
          fc.pre(patternProblem(pattern) === undefined);
          const match = seriesMatcher([{ label: "x", operator: "=~", value: `${pattern}` }]);
          const startMs = performance.now();
          match({ x: text });
          // Some milliseconds; a machine that is busy takes longer, an exponential search for ever.
          expect(performance.now() - startMs).toBeLessThan(5_000);
        },
      ),
      { numRuns: 300 },
    );
  });
});
