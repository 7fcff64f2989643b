import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  ConfigError,
  type Environment,
  type Origin,
  resolveOptions,
  type Sources,
  variable,
} from "@slipstream/config";
import { components, type ResolvedConfig } from "./components.ts";

const FILE_NAME = "slipstream.config.ts";

export interface ConfigSources extends Pick<Sources, "flags"> {
  readonly environment: Environment;
  /** Folder in which `slipstream.config.ts` is looked for. */
  readonly folder: string;
  /** The file that `--config` names. */
  readonly file?: string | undefined;
}

export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** Where each value is from, by key. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** Path of the configuration file that was read. */
  readonly file: string | undefined;
}

/** Flags > variables > file > defaults. @throws ConfigError */
export async function loadConfig({ flags, environment, folder, file }: ConfigSources): Promise<LoadedConfig> {
  const named = file ?? variable(environment, "SLIPSTREAM_CONFIG");
  const path = resolve(folder, named ?? FILE_NAME);
  const value = await readFile(path, named);
  const origin = value === undefined ? undefined : { value, name: named ?? FILE_NAME };
  const { values, origins } = resolveOptions(components, {
    ...(flags && { flags }),
    environment,
    file: origin,
  });
  return { config: values, origins, file: origin && path };
}

/** What the file exports; undefined if no file was named and there is none. */
async function readFile(path: string, named: string | undefined): Promise<unknown> {
  if (named?.trim() === "") throw new ConfigError("config", "config is empty; allowed: the path of a file");
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    if (named === undefined) return undefined;
    throw new ConfigError("config", `config = ${named}: there is no such file`);
  }
  const origin = named ?? FILE_NAME;
  if (found.isDirectory()) throw new ConfigError("config", `config = ${origin}: this is a folder`);
  let loaded: { default?: unknown };
  try {
    loaded = await import(pathToFileURL(path).href);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").trim();
    const hint = reason.includes("'@slipstream/cli'")
      ? "; install it (npm install --save-dev @slipstream/cli), or export a plain object without defineConfig"
      : "";
    throw new ConfigError("config", `${origin} cannot be loaded: ${reason}${hint}`);
  }
  if (loaded.default === undefined) {
    throw new ConfigError(
      "config",
      `${origin} has no default export; write: export default defineConfig({ ... })`,
    );
  }
  return loaded.default;
}
