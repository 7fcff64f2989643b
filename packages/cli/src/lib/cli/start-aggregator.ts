import { type Aggregator, createAggregator, type Logger } from "@slipstream/aggregator";
import { engineOptions, historyRetention, questDbOptions, type ResolvedConfig } from "@slipstream/config";

const HOUR_MS = 3_600_000;

export interface StartOptions {
  readonly logger: Logger;
  /** Keep what can be read of a damaged log, and go on without the rest. */
  readonly salvage?: boolean | undefined;
}

/** An aggregator as it is configured. @throws SlipstreamError where it cannot start */
export function startAggregator(
  config: ResolvedConfig,
  { logger, salvage }: StartOptions,
): Promise<Aggregator> {
  const { logKeepHours, logMaxBytes } = config;
  return createAggregator({
    host: config.host,
    port: config.port,
    dataDir: config.dataDir,
    token: config.token,
    allowedHosts: config.allowedHosts,
    redis: config.redis,
    questdb: questDbOptions(config),
    rpcUrl: config.rpcUrl,
    blocksDir: config.blocksDir,
    blocksPerSecond: config.blocksPerSecond,
    maxBodyBytes: config.maxBodyBytes,
    engine: engineOptions(config),
    logRetention: {
      ...(logKeepHours !== undefined && { maxAgeMs: logKeepHours * HOUR_MS }),
      ...(logMaxBytes !== undefined && { maxBytes: logMaxBytes }),
    },
    historyRetention: historyRetention(config),
    segmentBytes: config.logSegmentBytes,
    checkpointItems: config.checkpointItems,
    salvage,
    logger,
  });
}
