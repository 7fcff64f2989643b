import "@slipstream/conventions/needs-node-24";
import type { SlipstreamConfig } from "./lib/config/slipstream-config.ts";

export { ConfigError } from "@slipstream/config";
export type { LogLevel } from "./lib/cli/options.ts";
export type { SlipstreamConfig };

/** Types a configuration file: `export default defineConfig({ capitalUsd: 50_000 })`. Returns what it is given. */
export function defineConfig(config: SlipstreamConfig): SlipstreamConfig {
  return config;
}
