import type { Matcher } from "./condition.ts";
import { patternCost } from "./pattern-cost.ts";

/** Longest regular expression of a matcher. */
export const MOST_PATTERN_CHARS = 500;

/** Ways in which an expression may be laid over a value: three times `.*`, which takes some milliseconds at worst. */
const MOST_WAYS = 2e7;

/**
 * Whether the labels are those that all matchers choose. As in Prometheus, a label that is absent is the empty text, and a regular
 * expression must match the whole value.
 */
export function seriesMatcher(
  matchers: readonly Matcher[],
): (labels: Readonly<Record<string, string>>) => boolean {
  const tests = matchers.map(({ label, operator, value }) => {
    const accepts = testOf(operator, value);
    return (labels: Readonly<Record<string, string>>): boolean =>
      accepts(Object.hasOwn(labels, label) ? (labels[label] ?? "") : "");
  });
  return (labels) => tests.every((test) => test(labels));
}

/** Why a text is no regular expression for a matcher; undefined if it is one. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > MOST_PATTERN_CHARS) return `it is longer than ${MOST_PATTERN_CHARS} characters`;
  if (/\\[1-9k]|\(\?<?[=!]/.test(pattern)) return "references and lookarounds are not allowed";
  try {
    compiled(pattern);
  } catch {
    return "it is not a regular expression";
  }
  if (patternCost(pattern) <= MOST_WAYS) return undefined;
  return "it can take very long: it repeats too much, or repeats alternatives";
}

function testOf(operator: Matcher["operator"], expected: string): (value: string) => boolean {
  switch (operator) {
    case "=":
      return (value) => value === expected;
    case "!=":
      return (value) => value !== expected;
    case "=~": {
      const pattern = compiled(expected);
      return (value) => pattern.test(value);
    }
    case "!~": {
      const pattern = compiled(expected);
      return (value) => !pattern.test(value);
    }
  }
}

function compiled(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, "su");
}
