import { type Component, type Config, type Option, optionsOf } from "./component.ts";
import { ConfigError, shown } from "./config-error.ts";
import { allowedText, isAllowed } from "./kind.ts";
import { withoutLogin } from "./secret.ts";
import { suggest } from "./suggest.ts";

/**
 * Checks one value.
 * @param origin Where it is from, as in "from SLIPSTREAM_PORT".
 * @throws ConfigError with the key, the value and what is allowed.
 */
export function checkValue(key: string, option: Option, value: unknown, origin: string): unknown {
  if (isAllowed(option, value)) return value;
  const text = option.secret === undefined ? withoutLogin(shown(value)) : "(not shown)";
  throw new ConfigError(
    key,
    `${key} = ${text} (from ${origin}) is not allowed; allowed: ${allowedText(option)}`,
  );
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
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(
      "",
      `${origin} gives ${shown(value)}; allowed: an object, as defineConfig({ ... }) makes it`,
    );
  }
  const options = new Map(optionsOf(components));
  const checked: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    const option = options.get(key);
    if (option === undefined) throw unknownKey(key, given, origin, [...options.keys()]);
    if (given !== undefined) checked[key] = checkValue(key, option, given, origin);
  }
  return checked;
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
