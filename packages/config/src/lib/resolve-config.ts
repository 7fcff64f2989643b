import type { ResolvedConfig, SlipstreamConfig } from "./config.ts";
import { loadConfigFile } from "./config-file.ts";
import { type Environment, fromEnvironment } from "./environment.ts";
import { type ConfigKey, type Field, fields } from "./fields.ts";
import { checkField } from "./validate.ts";

export const defaults = { host: "127.0.0.1", port: 9480, dataDir: ".slipstream", logLevel: "info" } as const;

export interface ConfigSources {
  /** Flags as they were typed, by configuration key, with how the flag is called. */
  readonly flags: Partial<Record<ConfigKey, { readonly text: string | undefined; readonly flag: string }>>;
  readonly environment: Environment;
  /** Where `slipstream.config.ts` is looked for. */
  readonly folder: string;
  /** A configuration file that is named; SLIPSTREAM_CONFIG where undefined. */
  readonly file?: string | undefined;
}

export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** The configuration file that was read. */
  readonly file: string | undefined;
}

/** Flags > environment > file > defaults. @throws ConfigError */
export async function resolveConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const flags = fromFlags(sources.flags);
  const environment = fromEnvironment(sources.environment);
  const named = sources.file ?? (sources.environment.SLIPSTREAM_CONFIG || undefined);
  const file = await loadConfigFile(sources.folder, named);
  return { config: { ...defaults, ...file?.config, ...environment, ...flags }, file: file?.file };
}

function fromFlags(flags: ConfigSources["flags"]): SlipstreamConfig {
  const config: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(flags) as [ConfigKey, { text?: string; flag: string }][]) {
    if (given.text === undefined) continue;
    const { fromText }: Field<unknown> = fields[key];
    config[key] = checkField(key, fromText === undefined ? given.text : fromText(given.text), given.flag);
  }
  return config;
}
