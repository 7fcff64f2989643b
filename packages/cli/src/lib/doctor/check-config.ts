import {
  ConfigError,
  type Environment,
  type LoadedConfig,
  mistypedVariables,
  resolveConfig,
} from "@slipstream/config";
import type { Finding } from "./check.ts";

/** What was loaded, or why nothing was. */
export function checkConfig(loaded: LoadedConfig | ConfigError, environment: Environment): Finding[] {
  const mistyped = mistypedVariables(environment).map(
    ({ name, meant }): Finding => ({
      check: "Configuration",
      outcome: "warn",
      text: `the variable ${name} is not known, and not read`,
      remedy: `did you mean ${meant}?`,
    }),
  );
  if (loaded instanceof ConfigError) {
    const remedy = "correct it; the checks below are for the defaults";
    return [{ check: "Configuration", outcome: "bad", text: loaded.message, remedy }, ...mistyped];
  }
  const text = loaded.file ?? "no slipstream.config.ts here; flags, environment and defaults";
  return [{ check: "Configuration", outcome: "ok", text }, ...mistyped];
}

/** The defaults, for what can be checked all the same. */
export async function defaultConfig(): Promise<LoadedConfig> {
  return resolveConfig({ flags: {}, environment: {}, folder: "/", file: undefined });
}
