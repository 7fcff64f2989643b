export { ConfigError } from "@slipstream/config";
export type { LogLevel } from "./lib/cli/options.ts";
export { defineConfig, type SlipstreamConfig } from "./lib/config/components.ts";
