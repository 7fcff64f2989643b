import type { SlipstreamConfig } from "./config.ts";
import { configKeys, type Field, fields } from "./fields.ts";
import { suggest } from "./suggest.ts";
import { checkField } from "./validate.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What environment variables set. An empty one is as good as none. */
export function fromEnvironment(environment: Environment): SlipstreamConfig {
  const config: Record<string, unknown> = {};
  for (const key of configKeys) {
    const { env, fromText }: Field<unknown> = fields[key];
    const text = env === undefined ? undefined : environment[env];
    if (env === undefined || text === undefined || text === "") continue;
    config[key] = checkField(key, fromText === undefined ? text : fromText(text), env);
  }
  return config;
}

/** Variables that look like a mistyped one of ours, with what was probably meant. Those of other programs are left alone. */
export function mistypedVariables(environment: Environment): { name: string; meant: string }[] {
  const known = configKeys.flatMap((key) => fields[key].env ?? []);
  const others = new Set(["SLIPSTREAM_CONFIG", "SLIPSTREAM_JITO_HOSTS", "SLIPSTREAM_FIXTURES", ...known]);
  return Object.keys(environment).flatMap((name) => {
    if (!name.startsWith("SLIPSTREAM_") || others.has(name)) return [];
    const meant = suggest(
      name.slice("SLIPSTREAM_".length),
      known.map((variable) => variable.replace("SLIPSTREAM_", "")),
    );
    return meant === undefined ? [] : [{ name, meant: `SLIPSTREAM_${meant}` }];
  });
}
