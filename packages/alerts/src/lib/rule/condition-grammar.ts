import type { Matcher, Operator } from "./condition.ts";

// condition  = statistic [ "{" [ matcher { "," matcher } [ "," ] ] "}" ] [ "[" duration "]" ] comparison threshold
// statistic  = name
// matcher    = name ( "=" | "!=" | "=~" | "!~" ) string
// duration   = amount ( "s" | "m" | "h" | "d" ) { amount ( "s" | "m" | "h" | "d" ) }
// comparison = ">" | ">=" | "<" | "<=" | "==" | "!="
// threshold  = number [ unit ] | "$" number | name | string
// number     = [ "-" ] digit { digit | "_" } [ "." digit { digit } ]
// unit       = "%" | [ "1" ] "/" letter { letter } | letter { letter }
// name       = ( letter | "_" ) { letter | digit | "_" }
// string     = '"' { character } '"', or the same with "'"; in it \" \' and \\ stand for the second of the two
//
// Between any two of these there may be spaces. Which statistics, labels, units and words there are, the catalogue says.

/** Longest condition. */
export const MOST_CONDITION_CHARS = 1_000;

/** Something wrong in a condition. */
export interface ConditionProblem {
  /** Where it begins: 1 is the first character. */
  readonly column: number;
  /** A phrase: what is wrong. */
  readonly message: string;
  /** What may stand there. */
  readonly allowed?: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** A part of a condition with its place. */
export interface Placed<T> {
  readonly value: T;
  /** 1 is the first character. */
  readonly column: number;
}

/** A condition of the right form, whatever its names mean. */
export interface ConditionSyntax {
  readonly statistic: Placed<string>;
  readonly matchers: readonly {
    readonly label: Placed<string>;
    readonly operator: Matcher["operator"];
    readonly value: Placed<string>;
  }[];
  /** As it was written: "5m". */
  readonly window: Placed<string> | null;
  readonly operator: Placed<Operator>;
  readonly threshold:
    | { readonly number: number; readonly unit: Placed<string> | null; readonly column: number }
    | { readonly word: string; readonly column: number };
}

const NAME = /[\p{L}_][\p{L}\p{N}_.:-]*/uy;
const NUMBER = /-?\s*(?:\$\s*-?\s*)?(?:\d[\d_]*(?:\.\d+)?|\.\d+)/y;
const UNIT = /%|1?\/\p{L}+|\$|\p{L}+/uy;
const MATCH = /=~|!~|!=|==|=/y;
const COMPARISON = />=|<=|==|!=|=>|=<|>|<|=|≥|≤|≠/y;
const WINDOW = /[^\]]*/y;

const meant: Readonly<Record<string, Operator>> = {
  "=": "==",
  "=>": ">=",
  "=<": "<=",
  "≥": ">=",
  "≤": "<=",
  "≠": "!=",
};
const comparisons: readonly string[] = [">", ">=", "<", "<=", "==", "!="];

/** Reads the form of a condition. It ends at the first mistake, for what follows one cannot be trusted. */
export function parseSyntax(text: string): ConditionSyntax | ConditionProblem {
  if (text.length > MOST_CONDITION_CHARS) {
    const message = `the condition has ${text.length} characters`;
    return { column: 1, message, allowed: `${MOST_CONDITION_CHARS} characters at most` };
  }
  try {
    return condition(new Scanner(text));
  } catch (error) {
    if (error instanceof Mistake) return error.problem;
    throw error;
  }
}

class Mistake extends Error {
  readonly problem: ConditionProblem;

  constructor(problem: ConditionProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Goes through a text from left to right. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Column of what comes next. */
  get column(): number {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
    return this.#at + 1;
  }

  get isAtEnd(): boolean {
    return this.column > this.#text.length;
  }

  /** What matches the sticky pattern, and goes on behind it. */
  take(pattern: RegExp): Placed<string> | undefined {
    const { column } = this;
    pattern.lastIndex = this.#at;
    const [value] = pattern.exec(this.#text) ?? [];
    if (value === undefined) return undefined;
    this.#at += value.length;
    return { value, column };
  }

  takeText(text: string): boolean {
    const found = this.column <= this.#text.length && this.#text.startsWith(text, this.#at);
    if (found) this.#at += text.length;
    return found;
  }

  /** A text in quotes; undefined if there is none. */
  takeString(): Placed<string> | undefined {
    const { column } = this;
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") return undefined;
    let value = "";
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const character = this.#text[at];
      if (character === quote) {
        this.#at = at + 1;
        return { value, column };
      }
      if (character === "\\" && /["'\\]/.test(this.#text[at + 1] ?? "")) at++;
      value += this.#text[at] ?? "";
    }
    throw new Mistake({
      column,
      message: `the text that begins here has no end`,
      allowed: `a ${quote} at its end`,
    });
  }

  /** @throws Mistake about what comes next */
  wrong(what: string, allowed: string, suggestion?: string): never {
    const { column } = this;
    const [next = ""] = /^[\p{L}\p{N}_]+|^./u.exec(this.#text.slice(this.#at)) ?? [];
    const message =
      next === "" ? `${what} is missing at the end` : `${what} is missing before ${JSON.stringify(next)}`;
    throw new Mistake({ column, message, allowed, ...(suggestion !== undefined && { suggestion }) });
  }
}

function condition(scanner: Scanner): ConditionSyntax {
  const statistic =
    scanner.take(NAME) ?? scanner.wrong("the name of a statistic", "a name such as node_latency_p99");
  const matchers = scanner.takeText("{") ? matchersUntilBrace(scanner) : [];
  const window = scanner.takeText("[") ? windowUntilBracket(scanner) : null;
  const operator = comparison(scanner);
  const threshold = thresholdOf(scanner);
  if (!scanner.isAtEnd) {
    const { column } = scanner;
    const message = "something follows the threshold";
    throw new Mistake({ column, message, allowed: "one comparison in a condition; write a rule for each" });
  }
  return { statistic, matchers, window, operator, threshold };
}

function matchersUntilBrace(scanner: Scanner): ConditionSyntax["matchers"] {
  const matchers: ConditionSyntax["matchers"][number][] = [];
  while (!scanner.takeText("}")) {
    if (matchers.length > 0 && !scanner.takeText(","))
      scanner.wrong('"," or "}"', '"," before another label, "}" after the last');
    if (scanner.takeText("}")) break;
    matchers.push(matcher(scanner));
  }
  return matchers;
}

function matcher(scanner: Scanner): ConditionSyntax["matchers"][number] {
  const label = scanner.take(NAME) ?? scanner.wrong("a label", 'a label such as service="desk"');
  const operator = scanner.take(MATCH) ?? scanner.wrong("an operator", "=, !=, =~, !~");
  if (operator.value === "==") {
    const message = '"==" does not compare labels';
    throw new Mistake({ column: operator.column, message, allowed: "=, !=, =~, !~", suggestion: "=" });
  }
  const { column } = scanner;
  const value = scanner.takeString();
  if (value === undefined) {
    const bare = scanner.take(/[^\s,}]+/y)?.value;
    if (bare === undefined) scanner.wrong("a label's value", "a text in quotes");
    const message = `the value ${bare} is not in quotes`;
    throw new Mistake({ column, message, allowed: "a text in quotes", suggestion: JSON.stringify(bare) });
  }
  return { label, operator: operator.value as Matcher["operator"], value };
}

function windowUntilBracket(scanner: Scanner): Placed<string> {
  const window = scanner.take(WINDOW);
  if (window === undefined || !scanner.takeText("]")) scanner.wrong('"]"', "a window such as [5m]");
  return { value: window.value.trim(), column: window.column };
}

function comparison(scanner: Scanner): Placed<Operator> {
  const allowed = comparisons.join(", ");
  const { column } = scanner;
  const operator = scanner.take(COMPARISON)?.value ?? scanner.wrong("a comparison", allowed);
  if (isOperator(operator)) return { value: operator, column };
  const suggestion = meant[operator];
  throw new Mistake({
    column,
    message: `"${operator}" is not a comparison`,
    allowed,
    ...(suggestion && { suggestion }),
  });
}

function isOperator(text: string): text is Operator {
  return comparisons.includes(text);
}

function thresholdOf(scanner: Scanner): ConditionSyntax["threshold"] {
  const { column } = scanner;
  const quoted = scanner.takeString() ?? scanner.take(NAME);
  if (quoted !== undefined) return { word: quoted.value, column };
  const written = scanner.take(NUMBER)?.value;
  if (written === undefined) scanner.wrong("the threshold", "a number with or without a unit, or a word");
  const number = Number(written.replaceAll(/[\s$_]/g, ""));
  if (!Number.isFinite(number)) {
    throw new Mistake({
      column,
      message: `${written} is not a number`,
      allowed: "a number such as 200 or -0.5",
    });
  }
  if (scanner.takeText(",")) {
    const message = "a comma stands in the number";
    throw new Mistake({ column, message, allowed: "digits, which underscores may group: 1_000" });
  }
  const unit = scanner.take(UNIT) ?? null;
  if (!written.includes("$")) return { number, unit, column };
  if (unit !== null && unit.value.toLowerCase() !== "usd") {
    throw new Mistake({
      column: unit.column,
      message: `a number of dollars has no unit ${unit.value}`,
      allowed: "no unit",
    });
  }
  return { number, unit: { value: "usd", column }, column };
}
