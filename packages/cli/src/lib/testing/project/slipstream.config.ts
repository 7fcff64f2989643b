import { defineConfig, type SlipstreamConfig } from "@slipstream/config";

const config: SlipstreamConfig = defineConfig({ capitalUsd: 5_000 });

export default config;
