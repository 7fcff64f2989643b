import { aggregatorComponents } from "@slipstream/aggregator/options";
import type { Config, Values } from "@slipstream/config";
import { loggingOptions } from "../cli/options.ts";
import { clientOptions } from "../client/options.ts";

/** Every component with options: flags, help, variables, the configuration file and `docs/configuration.md` are made from this. */
export const components: readonly [
  ...typeof aggregatorComponents,
  typeof loggingOptions,
  typeof clientOptions,
] = [...aggregatorComponents, loggingOptions, clientOptions];

type Listed = (typeof components)[number];

/** A key of the configuration. */
export type ConfigKey = keyof Config<Listed>;

/** What `slipstream.config.ts` may set: every key is optional. docs/configuration.md explains each. */
export interface SlipstreamConfig extends Config<Listed> {}

/** The configuration with its defaults filled in. */
export type ResolvedConfig = Values<Listed>;

/** Types a configuration file: `export default defineConfig({ capitalUsd: 50_000 })`. Returns what it is given. */
export function defineConfig(config: SlipstreamConfig): SlipstreamConfig {
  return config;
}
