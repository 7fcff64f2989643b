import { resolve } from "node:path";
import {
  ConfigError,
  type Environment,
  type Origin,
  resolveOptions,
  type Sources,
  variable,
} from "@slipstream/config";
import { components, type ResolvedConfig } from "./components.ts";
import { FILE_NAME, importFile, readFile } from "./read-file.ts";

export interface ConfigSources extends Pick<Sources, "flags" | "onWrong"> {
  readonly environment: Environment;
  /** Folder in which `slipstream.config.ts` is looked for. */
  readonly folder: string;
  /** The file that `--config` names. */
  readonly file?: string | undefined;
  /** Loads the file and gives its default export. Default: an import. */
  readonly importFile?: (path: string) => Promise<unknown>;
}

export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** Where each value is from, by key. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** Path of the configuration file that was read. */
  readonly file: string | undefined;
}

/** Flags > variables > file > defaults. @throws ConfigError, unless `onWrong` is given */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const { flags, environment, folder, file, onWrong } = sources;
  const named = file ?? variable(environment, "SLIPSTREAM_CONFIG");
  const path = resolve(folder, named ?? FILE_NAME);
  const value = await readFile(path, named, sources.importFile ?? importFile).catch((error: unknown) => {
    if (onWrong === undefined || !(error instanceof ConfigError)) throw error;
    onWrong(error);
    return undefined;
  });
  const origin = value === undefined ? undefined : { value, name: named ?? FILE_NAME };
  const { values, origins } = resolveOptions(components, {
    ...(flags && { flags }),
    environment,
    file: origin,
    ...(onWrong && { onWrong }),
  });
  return { config: values, origins, file: origin && path };
}
