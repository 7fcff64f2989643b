import { landingServices, type TradeLabel } from "@slipstream/conventions";
import { bucketOf, sizeBounds } from "@slipstream/mev/verdicts";
import type { Trade } from "../../event.ts";
import type { MevTrade } from "../../mev/own-trade.ts";
import type { CountedVerdict } from "../../mev/own-verdicts.ts";

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
  protection: ({ named: { protection } }) => protection ?? NONE,
  landing_service: ({ named: { protection } }) =>
    protection === null ? UNKNOWN : landingService(protection),
};

/** How each label is read from a trade with its verdict. */
export const verdictLabelValues: Readonly<
  Record<TradeLabel, (trade: MevTrade, counted: CountedVerdict) => string>
> = {
  service: ({ service }) => service ?? UNKNOWN,
  pair: ({ pair }) => pair ?? UNKNOWN,
  strategy: ({ strategy }) => strategy ?? UNKNOWN,
  size: ({ sizeUsd }) => bucketOf(sizeUsd, sizeBounds),
  protection: (_, { protection }) => protection,
  // Without a verdict the transaction may not have been read, nor its tips.
  landing_service: ({ named }, { protection, verdict }) =>
    named.protection === null && protection === NONE && verdict === "unknown"
      ? UNKNOWN
      : landingService(protection),
};

/** The landing service that a protection is; "none" if it is something else. */
export function landingService(protection: string): string {
  return LANDING_SERVICES.has(protection) ? protection : NONE;
}
