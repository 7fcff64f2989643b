import { type Component, type Config, type Option, optionsOf } from "./component.ts";
import { ConfigError, shown } from "./config-error.ts";
import { allowedText, isAllowed, type ObjectKind } from "./kind.ts";
import { withoutLogin } from "./secret.ts";
import { suggest } from "./suggest.ts";

/**
 * Checks one value.
 * @param origin Where it is from, as in "from SLIPSTREAM_PORT".
 * @throws ConfigError with the key, the value and what is allowed.
 */
export function checkValue(key: string, option: Option, value: unknown, origin: string): unknown {
  if (option.type === "object") return checkObject(key, option, value, origin);
  if (isAllowed(option, value)) return value;
  throw new ConfigError(
    key,
    `${key} ${wrongPart(option, value)} (from ${origin}) is not allowed; allowed: ${allowedText(option, value)}`,
  );
}

/** What is wrong with a value within an object, as `Problem.text`; undefined: nothing. A secret is not shown. */
export function valueProblem(option: Option, value: unknown): string | undefined {
  if (isAllowed(option, value)) return undefined;
  const meant =
    option.type === "choice" && typeof value === "string" ? suggest(value, option.choices) : undefined;
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `${wrongPart(option, value)} is not allowed; allowed: ${allowedText(option, value)}${hint}`;
}

/** What is wrong with a key that does not exist. Its value is not shown: it may be a secret under a mistyped key. */
export function unknownKeyProblem(key: string, known: readonly string[]): string {
  const meant = suggest(key, known);
  return `is not known; ${meant === undefined ? `allowed: ${known.join(", ")}` : `did you mean ${meant}?`}`;
}

/**
 * Checks an object of values; undefined values are left out.
 * @throws ConfigError, also for a key that does not exist.
 */
export function checkConfig<C extends Component>(
  components: readonly C[],
  value: unknown,
  origin: string,
): Config<C>;
export function checkConfig(components: readonly Component[], value: unknown, origin: string): object {
  const options = new Map(optionsOf(components));
  const checked: Record<string, unknown> = {};
  for (const [key, given] of entriesOf(value, origin)) {
    const option = options.get(key);
    if (option === undefined) throw unknownKey(key, given, origin, [...options.keys()]);
    if (given !== undefined) checked[key] = checkValue(key, option, given, origin);
  }
  return checked;
}

/** All that is wrong is in one error, each mistake on a line of its own. */
function checkObject(key: string, option: ObjectKind<never>, value: unknown, origin: string): unknown {
  const problems = option.problems(value);
  const lines = problems.map(({ place, text }) => {
    const separator = place === "" || place.startsWith("[") ? "" : ".";
    return `${key}${separator}${place} ${text}`;
  });
  if (lines.length === 0) return value;
  if (lines.length === 1) throw new ConfigError(key, `${lines[0]} (from ${origin})`);
  throw new ConfigError(
    key,
    [`${key} (from ${origin}) has ${lines.length} mistakes:`, ...lines.map((line) => `  ${line}`)].join("\n"),
  );
}

/** "= 7" for a value, "has 7" for the first wrong item of a list. */
function wrongPart(option: Option, value: unknown): string {
  if (option.secret !== undefined) return "= (not shown)";
  const items = option.type === "list" && Array.isArray(value) ? value : [];
  const wrong = items.findIndex((item) => !isAllowed(option, [item]));
  return withoutLogin(wrong < 0 ? `= ${shown(value)}` : `has ${shown(items[wrong])}`);
}

function entriesOf(value: unknown, origin: string): readonly (readonly [string, unknown])[] {
  if (!isPlainObject(value)) {
    const allowed = "allowed: an object, as defineConfig({ ... }) makes it";
    throw new ConfigError(
      "",
      `${origin} gives ${value instanceof Promise ? "a promise" : shown(value)}; ${allowed}`,
    );
  }
  try {
    return Object.entries(value);
  } catch (error) {
    throw new ConfigError(
      "",
      `${origin} cannot be read: ${shown(error instanceof Error ? error.message : error)}`,
    );
  }
}

/** Not a list, a promise or a map: keys would be looked for in them in vain. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function unknownKey(key: string, value: unknown, origin: string, known: readonly string[]): ConfigError {
  const meant = suggest(key, known);
  const hint = meant === undefined ? `allowed: ${known.join(", ")}` : `did you mean ${meant}?`;
  // The value is not shown: it may be a token under a mistyped key.
  return new ConfigError(
    key,
    `${shown(key).slice(1, -1)} (${typeof value}, from ${origin}) is not a key of the configuration; ${hint}`,
  );
}
