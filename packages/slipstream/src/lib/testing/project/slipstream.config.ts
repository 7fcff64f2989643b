import { defineConfig, type SlipstreamConfig } from "slipstream";

const config: SlipstreamConfig = defineConfig({ capitalUsd: 5_000 });

export default config;
