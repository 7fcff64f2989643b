import type { ConfigError, Environment } from "@slipstream/config";
import type { LoadedConfig } from "../config/load-config.ts";
import { mistypedText } from "../config/settings.ts";
import { unknownVariables } from "../config/variables.ts";
import type { Finding } from "./check.ts";

const check = "Configuration";

/** What was loaded, what is wrong with it, and variables that nothing reads. */
export function checkConfig(
  { file, config: { host, token } }: LoadedConfig,
  wrong: readonly ConfigError[],
  environment: Environment,
  assertServer: (options: { readonly host: string; readonly token?: string | undefined }) => void,
): Finding[] {
  const unknown = unknownVariables(environment).map(({ name, meant }): Finding => {
    const remedy =
      meant === undefined ? "unset it; docs/configuration.md lists all" : `did you mean ${meant}?`;
    return { check, outcome: "warn", text: mistypedText({ name, meant: undefined }), remedy };
  });
  const errors = [...wrong, ...errorOf(() => assertServer({ host, token }))].map(({ message }): Finding => {
    const remedy = "correct it; the checks below go on without it";
    return { check, outcome: "bad", text: message, remedy };
  });
  if (errors.length > 0) return [...errors, ...unknown];
  const text = file ?? "no slipstream.config.ts here; flags, variables and defaults apply";
  return [{ check, outcome: "ok", text: `${text} (slipstream config shows every value)` }, ...unknown];
}

function errorOf(assert: () => void): readonly Error[] {
  try {
    assert();
    return [];
  } catch (error) {
    if (error instanceof Error) return [error];
    throw error;
  }
}
