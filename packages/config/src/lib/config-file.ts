import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { SlipstreamConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { checkConfig } from "./validate.ts";

export const configFileName = "slipstream.config.ts";

export interface ConfigFile {
  readonly file: string;
  readonly config: SlipstreamConfig;
}

/**
 * Reads `slipstream.config.ts` of a folder, or the file that is named.
 * @returns undefined where no file is named and the folder has none.
 * @throws ConfigError where the file is missing, cannot be loaded, or holds a wrong value.
 */
export async function loadConfigFile(
  folder: string,
  named: string | undefined,
): Promise<ConfigFile | undefined> {
  const file = resolve(folder, named ?? configFileName);
  if (!existsSync(file)) {
    if (named === undefined) return undefined;
    throw new ConfigError("config", `config = ${named}: there is no such file`);
  }
  const origin = named ?? configFileName;
  let loaded: { default?: unknown };
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError("config", `${origin} cannot be loaded: ${reason.replaceAll(/\s+/g, " ")}`);
  }
  if (loaded.default === undefined) {
    throw new ConfigError("config", `${origin} exports nothing; write: export default defineConfig({ ... })`);
  }
  return { file, config: checkConfig(loaded.default, origin) };
}
