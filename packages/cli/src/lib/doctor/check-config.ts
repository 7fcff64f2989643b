import { ConfigError, type Environment } from "@slipstream/config";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { mistypedVariables } from "../config/variables.ts";
import type { Finding } from "./check.ts";

const check = "Configuration";

/** What was loaded, or why nothing was. */
export function checkConfig(loaded: LoadedConfig | ConfigError, environment: Environment): Finding[] {
  const mistyped = mistypedVariables(environment).map(
    ({ name, meant }): Finding => ({
      check,
      outcome: "warn",
      text: `the variable ${name} is not known and has no effect`,
      remedy: `did you mean ${meant}?`,
    }),
  );
  if (loaded instanceof ConfigError) {
    const remedy = "correct it; the checks below are for the defaults";
    return [{ check, outcome: "bad", text: loaded.message, remedy }, ...mistyped];
  }
  const text = loaded.file ?? "no slipstream.config.ts here; flags, variables and defaults apply";
  return [{ check, outcome: "ok", text: `${text} (slipstream config shows every value)` }, ...mistyped];
}

/** The defaults, for what can be checked even so. */
export async function defaultConfig(): Promise<LoadedConfig> {
  return loadConfig({ environment: {}, folder: "/" });
}
