import type { SlipstreamConfig } from "./config.ts";

/** The keys that decide statistics. */
export interface EngineConfig
  extends Pick<
    SlipstreamConfig,
    | "capitalUsd"
    | "slippageToleranceBps"
    | "rateWindowSeconds"
    | "percentileWindowSeconds"
    | "mevWindowSeconds"
    | "allowedLatenessMs"
    | "amendmentSeconds"
    | "nodeMethods"
    | "jupiterHosts"
    | "rpcHosts"
  > {}

/** Named one by one, so that a key that is added to the type is missed here by the compiler and not by a user. */
const engineKeys: Readonly<Record<keyof EngineConfig, true>> = {
  capitalUsd: true,
  slippageToleranceBps: true,
  rateWindowSeconds: true,
  percentileWindowSeconds: true,
  mevWindowSeconds: true,
  allowedLatenessMs: true,
  amendmentSeconds: true,
  nodeMethods: true,
  jupiterHosts: true,
  rpcHosts: true,
};

/** The part of the configuration that decides statistics; what is not set is left to the engine's defaults. */
export function engineOptions(config: SlipstreamConfig): EngineConfig {
  return Object.fromEntries(
    Object.entries(config).filter(([key, value]) => key in engineKeys && value !== undefined),
  );
}
