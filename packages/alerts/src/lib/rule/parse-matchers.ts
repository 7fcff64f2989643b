import { type Matcher, matcherOperators } from "./condition.ts";
import { patternProblem } from "./matchers.ts";

/** What is wrong with a list of matchers. */
export interface MatcherProblem {
  /** From 1. */
  readonly column: number;
  /** What is wrong and what is allowed. */
  readonly problem: string;
}

/** Most matchers in one list. */
const MOST = 32;

// matchers = matcher {"," matcher}
// matcher  = label operator value
// label    = a letter or "_", then letters, digits, "_"
// operator = "=~" | "!~" | "!=" | "="
// value    = '"' any text, in which `\"` and `\\` stand for `"` and `\` '"' | text without `,` and `"`
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*/y;
const OPERATOR = /(=~|!~|!=|=)\s*/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"\s*/y;
const BARE = /([^",]*)/y;

/** Reads matchers as in `pair=SOL/USDC, service=~"desk-.*"`. All of them must match; a regular expression matches a value as a whole. */
export function parseMatchers(text: string): readonly Matcher[] | MatcherProblem {
  const matchers: Matcher[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found?.[1];
  };
  const problem = (what: string): MatcherProblem => ({ column: at + 1, problem: what });
  for (;;) {
    const label = take(LABEL);
    if (label === undefined) return problem("a label is missing, as in pair=SOL/USDC");
    const operator = take(OPERATOR) as Matcher["operator"] | undefined;
    if (operator === undefined) return problem(`after ${label} comes one of ${matcherOperators.join(", ")}`);
    const begin = at;
    const quoted = take(QUOTED)?.replaceAll(/\\(["\\])/g, "$1");
    const value = quoted ?? take(BARE)?.trim() ?? "";
    if (quoted === undefined && text[at] === '"') {
      return problem(
        value === "" ? "the quotation mark is not closed" : 'a value with " in it must be quoted',
      );
    }
    if (quoted === undefined && value === "") return problem('a value is missing; an empty one is ""');
    const fault = operator.endsWith("~") ? patternProblem(value) : undefined;
    if (fault !== undefined)
      return { column: begin + 1, problem: `the regular expression is wrong: ${fault}` };
    matchers.push({ label, operator, value });
    if (matchers.length > MOST) return problem(`there are more than ${MOST} matchers`);
    if (at === text.length) return matchers;
    if (text[at] !== ",") return problem("matchers are separated by commas");
    at += 1;
  }
}
