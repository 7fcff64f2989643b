import type { Logger } from "@slipstream/aggregator";
import { type Aggregator, createAggregator } from "@slipstream/aggregator";
import type { ResolvedConfig } from "../config/config.ts";
import { engineOptions } from "../config/engine-options.ts";

/** An aggregator as it is configured. @throws SlipstreamError where it cannot start */
export function startAggregator(config: ResolvedConfig, logger: Logger): Promise<Aggregator> {
  return createAggregator({
    host: config.host,
    port: config.port,
    dataDir: config.dataDir,
    token: config.token,
    redis: config.redis,
    maxBodyBytes: config.maxBodyBytes,
    engine: engineOptions(config),
    logger,
  });
}
