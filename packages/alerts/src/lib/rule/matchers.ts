import type { Matcher } from "./condition.ts";

/** Longest regular expression of a matcher. */
export const MOST_PATTERN_CHARS = 500;

/** What a group may not hold that is repeated: another repetition makes some texts take for ever. */
const REPEATED = /[*+{]/;

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
  if (/\\[1-9k]|\(\?[=!<]/.test(pattern)) return "references and lookarounds are not allowed";
  try {
    compiled(pattern);
  } catch {
    return "it is not a regular expression";
  }
  return repeatsRepetition(pattern)
    ? "a group that holds a repetition is repeated, which can take for ever"
    : undefined;
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

/** Whether a group with `*`, `+` or `{` in it is itself followed by one. What is escaped or in brackets is text. */
function repeatsRepetition(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gsu, "x");
  const open: boolean[] = [];
  let closed = false;
  for (const [at, character] of [...plain].entries()) {
    if (closed && REPEATED.test(character)) return true;
    closed = false;
    if (character === "(") open.push(false);
    else if (character === ")") {
      closed = open.pop() ?? false;
      // What is repeated inside is repeated by the group around it too.
      if (closed && open.length > 0) open[open.length - 1] = true;
    } else if (REPEATED.test(character) && at > 0 && open.length > 0) open[open.length - 1] = true;
  }
  return false;
}
