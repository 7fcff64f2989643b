import type { SlipstreamConfig } from "./config.ts";
import { ConfigError, shown } from "./config-error.ts";
import { type ConfigKey, configKeys, type Field, fields } from "./fields.ts";
import { suggest } from "./suggest.ts";

/**
 * Checks one value.
 * @param origin Where it comes from, as in "from SLIPSTREAM_PORT".
 * @throws ConfigError with the field, the value and what is allowed.
 */
export function checkField(key: ConfigKey, value: unknown, origin: string): unknown {
  const field: Field<unknown> = fields[key];
  const parsed = field.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const text = field.secret ? "(not shown)" : shown(value);
  throw new ConfigError(key, `${key} = ${text} (from ${origin}) is not allowed; allowed: ${field.allowed}`);
}

/**
 * Checks a whole configuration; undefined values are left out.
 * @throws ConfigError, also for a key that does not exist.
 */
export function checkConfig(value: unknown, origin: string): SlipstreamConfig {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(
      "",
      `${origin} gives ${shown(value)}; allowed: an object, as defineConfig({ ... }) makes it`,
    );
  }
  const checked: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    if (!isKey(key)) throw unknownKey(key, given, origin);
    if (given !== undefined) checked[key] = checkField(key, given, origin);
  }
  return checked;
}

function isKey(key: string): key is ConfigKey {
  return Object.hasOwn(fields, key);
}

function unknownKey(key: string, value: unknown, origin: string): ConfigError {
  const meant = suggest(key, configKeys);
  const hint = meant === undefined ? `allowed: ${configKeys.join(", ")}` : `did you mean ${meant}?`;
  // The value is not shown: a mistyped `token` is a token still.
  return new ConfigError(
    key,
    `${key} (${typeof value}, from ${origin}) is not a key of the configuration; ${hint}`,
  );
}
