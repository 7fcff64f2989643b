import { type Matcher, matcherOperators, type Operator, operators } from "./condition.ts";

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
/** What commas add to a number. */
const GROUPS = /(?:,\d+)+(?:\.\d+)?/y;
const MATCHES = matcherOperators.join(", ");

const meant: Readonly<Record<string, Operator>> = {
  "=": "==",
  "=>": ">=",
  "=<": "<=",
  "≥": ">=",
  "≤": "<=",
  "≠": "!=",
};

export interface ParsedSyntax {
  /** null: the form is lost. */
  readonly syntax: ConditionSyntax | null;
  readonly problems: readonly ConditionProblem[];
}

/** Reads the form of a condition. It goes on after a mistake as long as it is clear what was meant. */
export function parseSyntax(text: string): ParsedSyntax {
  if (text.length > MOST_CONDITION_CHARS) {
    const message = `the condition has ${text.length} characters`;
    const allowed = `${MOST_CONDITION_CHARS} characters at most`;
    return { syntax: null, problems: [{ column: 1, message, allowed }] };
  }
  const scanner = new Scanner(text);
  try {
    return { syntax: condition(scanner), problems: scanner.problems };
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    return { syntax: null, problems: scanner.problems };
  }
}

/** What follows a mistake cannot be read. */
class Lost extends Error {}

/** Goes through a text from left to right, and collects what is wrong. */
class Scanner {
  readonly problems: ConditionProblem[] = [];
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

  /** A text in quotes; undefined if there is none. @throws Lost if it has no end */
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
    this.wrong(column, "the text that begins here has no end", `a ${quote} at its end`);
    throw new Lost();
  }

  wrong(column: number, message: string, allowed: string, suggestion?: string): void {
    this.problems.push({ column, message, allowed, ...(suggestion !== undefined && { suggestion }) });
  }

  /** Reports that something else comes next. @throws Lost */
  missing(what: string, allowed: string): never {
    const { column } = this;
    const [next = ""] = /^[\p{L}\p{N}_]+|^./u.exec(this.#text.slice(this.#at)) ?? [];
    const where = next === "" ? "at the end" : `before ${JSON.stringify(next)}`;
    this.wrong(column, `${what} is missing ${where}`, allowed);
    throw new Lost();
  }
}

function condition(scanner: Scanner): ConditionSyntax {
  const name = "the name of a statistic";
  const statistic = scanner.take(NAME) ?? scanner.missing(name, "a name such as node_latency_p99");
  const matchers = scanner.takeText("{") ? matchersUntilBrace(scanner) : [];
  const window = scanner.takeText("[") ? windowUntilBracket(scanner) : null;
  const operator = comparison(scanner);
  const threshold = thresholdOf(scanner);
  if (!scanner.isAtEnd) {
    const allowed = "one comparison in a condition; write a rule for each";
    scanner.wrong(scanner.column, "something follows the threshold", allowed);
  }
  return { statistic, matchers, window, operator, threshold };
}

function matchersUntilBrace(scanner: Scanner): ConditionSyntax["matchers"] {
  const matchers: ConditionSyntax["matchers"][number][] = [];
  while (!scanner.takeText("}")) {
    if (matchers.length > 0 && !scanner.takeText(",")) {
      scanner.missing('"," or "}"', '"," before another label, "}" after the last');
    }
    if (scanner.takeText("}")) break;
    matchers.push(matcher(scanner));
  }
  return matchers;
}

function matcher(scanner: Scanner): ConditionSyntax["matchers"][number] {
  const label = scanner.take(NAME) ?? scanner.missing("a label", 'a label such as service="desk"');
  const { value: operator, column } = scanner.take(MATCH) ?? scanner.missing("an operator", MATCHES);
  if (operator === "==") scanner.wrong(column, '"==" does not compare labels', MATCHES, "=");
  const match = operator === "==" ? "=" : (operator as Matcher["operator"]);
  return { label, operator: match, value: scanner.takeString() ?? bareValue(scanner) };
}

/** A value that should be in quotes. */
function bareValue(scanner: Scanner): Placed<string> {
  const allowed = "a text in quotes";
  const bare = scanner.take(/[^\s,}]+/y) ?? scanner.missing("a label's value", allowed);
  scanner.wrong(bare.column, `the value ${bare.value} is not in quotes`, allowed, JSON.stringify(bare.value));
  return bare;
}

function windowUntilBracket(scanner: Scanner): Placed<string> {
  const window = scanner.take(WINDOW);
  if (window === undefined || !scanner.takeText("]")) scanner.missing('"]"', "a window such as [5m]");
  return { value: window.value.trim(), column: window.column };
}

function comparison(scanner: Scanner): Placed<Operator> {
  const allowed = operators.join(", ");
  const { value, column } = scanner.take(COMPARISON) ?? scanner.missing("a comparison", allowed);
  const operator = operators.find((one) => one === value) ?? meant[value] ?? ">";
  if (operator !== value) scanner.wrong(column, `"${value}" is not a comparison`, allowed, operator);
  return { value: operator, column };
}

function thresholdOf(scanner: Scanner): ConditionSyntax["threshold"] {
  const { column } = scanner;
  const word = scanner.takeString() ?? scanner.take(NAME);
  if (word !== undefined) return { word: word.value, column };
  const allowed = "a number with or without a unit, or a word";
  const written = (scanner.take(NUMBER) ?? scanner.missing("the threshold", allowed)).value;
  const grouped = scanner.take(GROUPS)?.value;
  if (grouped !== undefined) {
    // "1,000" groups digits; in "1,5" the comma may be a point.
    const whole = `${written}${grouped}`;
    const better = /^\D*\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(whole) ? whole.replaceAll(",", "_") : undefined;
    scanner.wrong(column, `${written}${grouped} has a comma`, "digits, which underscores may group", better);
  }
  const number = Number(`${written}${grouped ?? ""}`.replaceAll(/[\s$_,]/g, ""));
  if (!Number.isFinite(number)) {
    scanner.wrong(column, `${written} is not a number`, "a number such as 200 or -0.5");
    throw new Lost();
  }
  const unit = scanner.take(UNIT) ?? null;
  if (!written.includes("$")) return { number, unit, column };
  if (unit !== null && unit.value.toLowerCase() !== "usd") {
    scanner.wrong(unit.column, `a number of dollars has no unit ${unit.value}`, "no unit");
  }
  return { number, unit: { value: "usd", column }, column };
}
