import { shown, suggest } from "@slipstream/config";
import { durationText, parseDuration } from "./duration.ts";
import type { ProblemDetails } from "./problem.ts";
import type { UserRule } from "./user-rule.ts";

type Path = readonly (string | number)[];

/** Reports a problem of a field; the path goes on from the rule. */
export type Report = (path: readonly (string | number)[], problem: ProblemDetails) => void;

/** Fields of a rule as somebody wrote them. Nothing is known of the values. */
export type RawRule = Readonly<Record<string, unknown>>;

/** Most items of a list in a rule, and longest of them. */
const MOST_NAMES = 32;
const MOST_NAME_CHARS = 100;

/** Most unknown keys of one object that are reported one by one. */
const MOST_UNKNOWN = 100;

/** What YAML 1.2 has no values for, and people write. */
const YES_NO: ReadonlyMap<string, string> = new Map([
  ...["yes", "on", "true"].map((word) => [word, "true"] as const),
  ...["no", "off", "false"].map((word) => [word, "false"] as const),
]);

/** Reads fields of simple kinds. Each gives undefined or null if the field is absent or wrong. */
export class Fields {
  readonly #raw: RawRule;
  readonly #report: Report;

  constructor(raw: RawRule, report: Report) {
    this.#raw = raw;
    this.#report = report;
  }

  choice<T extends string>(field: keyof UserRule, choices: readonly T[]): T | undefined {
    const value = this.#raw[field];
    return value === undefined ? undefined : choiceOf(value, choices, [field], this.#report);
  }

  flag(field: keyof UserRule): boolean | undefined {
    const value = this.#raw[field];
    if (value === undefined || typeof value === "boolean") return value;
    const suggestion = typeof value === "string" ? YES_NO.get(value.toLowerCase()) : undefined;
    this.#wrong(field, value, "true, false", suggestion);
    return undefined;
  }

  whole(field: keyof UserRule, min: number, max: number): number | undefined {
    const value = this.#raw[field];
    if (value === undefined || isWhole(value, min, max)) return value;
    this.#wrong(field, value, `a whole number from ${min} to ${max}`);
    return undefined;
  }

  duration(field: keyof UserRule, min: number, max: number): number | undefined {
    const value = this.#raw[field];
    if (value === undefined) return undefined;
    const seconds = typeof value === "string" ? parseDuration(value.trim()) : value;
    if (typeof seconds === "number" && seconds >= min && seconds <= max) return seconds;
    const range = `from ${durationText(min)} to ${durationText(max)}`;
    const suggestion = typeof value === "string" ? durationMeant(value) : undefined;
    this.#report([field], {
      message: `${shown(value)} is not a time ${range}`,
      allowed: `a number of seconds, or a text such as "90s", "5m" or "1h30m", ${range}`,
      suggestion,
    });
    return undefined;
  }

  text(field: keyof UserRule, max: number): string | null {
    const value = this.#raw[field];
    if (value === undefined || value === null) return null;
    return textProblem(value, max, [field], this.#report) ? null : String(value);
  }

  #wrong(field: string, value: unknown, allowed: string, suggestion?: string): void {
    this.#report([field], { message: `${shown(value)} cannot be used`, allowed, suggestion });
  }
}

export function namesOf(value: unknown, path: Path, report: Report): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MOST_NAMES) {
    report(path, {
      message: `${shown(value)} cannot be used`,
      allowed: `a list of names, ${MOST_NAMES} at most`,
    });
    return [];
  }
  return Array.from(value, (item: unknown, index) =>
    textProblem(item, MOST_NAME_CHARS, [...path, index], report) ? [] : [String(item)],
  ).flat();
}

export function choiceOf<T extends string>(
  value: unknown,
  choices: readonly T[],
  path: Path,
  report: Report,
): T | undefined {
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  const suggestion = typeof value === "string" ? suggest(value, choices) : undefined;
  report(path, { message: `${shown(value)} cannot be used`, allowed: choices.join(", "), suggestion });
  return undefined;
}

/** Whether it is no text of one line, which is reported. */
export function textProblem(value: unknown, max: number, path: Path, report: Report): boolean {
  const isText =
    typeof value === "string" && value.trim() !== "" && value.length <= max && !/\p{Cc}/u.test(value);
  if (isText) return false;
  report(path, {
    message: `${shown(value)} cannot be used`,
    allowed: `a text of one line, ${max} characters at most`,
  });
  return true;
}

/** How a key that is not known is reported. */
interface UnknownKey {
  /** What is wrong, by its name. */
  readonly message?: (name: string) => string;
  /** What was probably meant. */
  readonly meant?: (key: string) => string | undefined;
}

/** Reports the keys that an object has and should not have. */
export function unknownKeys(
  value: RawRule,
  known: readonly string[],
  path: Path,
  report: Report,
  { message = (name) => `there is no ${name} here`, meant = (key) => suggest(key, known) }: UnknownKey = {},
): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  for (const key of unknown.slice(0, MOST_UNKNOWN)) {
    const name = shown(key).slice(1, -1);
    report([...path, name], { message: message(name), allowed: known.join(", "), suggestion: meant(key) });
  }
  const more = unknown.length - MOST_UNKNOWN;
  if (more > 0) report(path, { message: `there are ${more} more keys that are not known` });
}

/** What people write for "5m": "5 min", "5 minutes", "5M". */
function durationMeant(text: string): string | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(\p{L})\p{L}*\s*$/u.exec(text) ?? [];
  const near = `${amount}${unit?.toLowerCase()}`;
  return parseDuration(near) === undefined ? undefined : near;
}

export function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max;
}

export function isObject(value: unknown): value is RawRule {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
