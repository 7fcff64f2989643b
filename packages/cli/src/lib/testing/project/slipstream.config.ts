import { defineConfig, type SlipstreamConfig } from "@slipstream/cli";

const config: SlipstreamConfig = defineConfig({ capitalUsd: 5_000 });

export default config;
