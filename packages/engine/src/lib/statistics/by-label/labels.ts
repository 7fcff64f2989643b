import { landingServices, type TradeLabel } from "@slipstream/conventions";
import { bucketOf, sizeBounds } from "@slipstream/mev";
import type { Trade } from "../../event.ts";

const UNKNOWN = "unknown";
const NONE = "none";
const LANDING_SERVICES: ReadonlySet<string> = new Set(landingServices.map(({ name }) => name));

/** How each label is read from a trade. */
export const tradeLabelValues: Readonly<Record<TradeLabel, (trade: Trade) => string>> = {
  service: ({ service }) => service,
  pair: ({ pair }) => pair ?? UNKNOWN,
  strategy: ({ strategy }) => strategy ?? UNKNOWN,
  size: ({ sizeUsd }) => bucketOf(sizeUsd ?? null, sizeBounds),
  // As in the statistics of MEV, a trade that names no protection counts as one without.
  protection: ({ protection }) => protection ?? NONE,
  landing_service: ({ protection }) => {
    if (protection === undefined) return UNKNOWN;
    return LANDING_SERVICES.has(protection) ? protection : NONE;
  },
};
