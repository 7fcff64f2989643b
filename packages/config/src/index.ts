export { defineConfig, type LogLevel, type ResolvedConfig, type SlipstreamConfig } from "./lib/config.ts";
export { ConfigError, shown } from "./lib/config-error.ts";
export { type EngineConfig, engineOptions } from "./lib/engine-options.ts";
export { type Environment, fromEnvironment, mistypedVariables } from "./lib/environment.ts";
export type { ConfigKey } from "./lib/fields.ts";
export { historyRetention, questDbOptions } from "./lib/history-options.ts";
export { type LoadedConfig, resolveConfig } from "./lib/resolve-config.ts";
export { checkConfig } from "./lib/validate.ts";
