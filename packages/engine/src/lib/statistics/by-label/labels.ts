import { landingServices, type TradeLabel } from "@slipstream/conventions";
import { bucketOf, sizeBounds } from "@slipstream/mev";
import type { Trade } from "../../event.ts";

const UNKNOWN = "unknown";
const NONE = "none";
const LANDING_SERVICES: ReadonlySet<string> = new Set(landingServices.map(({ name }) => name));

// Made once: a text that is made anew is slow to look up.
const SIZES: readonly string[] = sizeBounds.map((bound) => bucketOf(bound, sizeBounds));

function sizeOf(sizeUsd: number | undefined): string {
  if (sizeUsd === undefined) return UNKNOWN;
  let at = 0;
  while (at + 1 < sizeBounds.length && sizeUsd >= (sizeBounds[at + 1] as number)) at += 1;
  return SIZES[at] as string;
}

/** How each label is read from a trade. */
export const tradeLabelValues: Readonly<Record<TradeLabel, (trade: Trade) => string>> = {
  service: ({ service }) => service,
  pair: ({ pair }) => pair ?? UNKNOWN,
  strategy: ({ strategy }) => strategy ?? UNKNOWN,
  size: ({ sizeUsd }) => sizeOf(sizeUsd),
  // As in the statistics of MEV, a trade that names no protection counts as one without.
  protection: ({ protection }) => protection ?? NONE,
  landing_service: ({ protection }) => {
    if (protection === undefined) return UNKNOWN;
    return LANDING_SERVICES.has(protection) ? protection : NONE;
  },
};
