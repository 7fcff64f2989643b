export { ConfigError, defineConfig, type LogLevel, type SlipstreamConfig } from "@slipstream/config";
