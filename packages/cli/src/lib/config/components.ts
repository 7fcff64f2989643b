import { aggregatorComponents, rulesOptions } from "@slipstream/aggregator/options";
import type { Config, Values } from "@slipstream/config";
import { loggingOptions } from "../cli/options.ts";
import { clientOptions } from "../client/options.ts";
import { doctorOptions } from "../doctor/options.ts";

/** Every component with options: flags, help, variables, the configuration file and `docs/configuration.md` are made from this. */
export const components: readonly [
  ...typeof aggregatorComponents,
  typeof rulesOptions,
  typeof loggingOptions,
  typeof clientOptions,
  typeof doctorOptions,
] = [...aggregatorComponents, rulesOptions, loggingOptions, clientOptions, doctorOptions];

type Listed = (typeof components)[number];

/** A key of the configuration. */
export type ConfigKey = keyof Config<Listed>;

/** The configuration with its defaults filled in. */
export type ResolvedConfig = Values<Listed>;
