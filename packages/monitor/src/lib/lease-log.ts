import { type LeaseState, leaseNews, leaseText } from "@slipstream/aggregator/sinks";
import type { MonitorLogger } from "./logger.ts";

/** Logs when another process has the lease of a store, and when this one takes over. */
export function leaseLog(store: "Redis" | "QuestDB", logger: MonitorLogger): (state: LeaseState) => void {
  const newsOf = leaseNews();
  return (state) => {
    const news = newsOf(state);
    if (news === undefined) return;
    if (news === "taken over") return logger.info(`This process writes to ${store} now`);
    const ofRedis = store === "Redis" || news === "covered";
    const prefix = ofRedis ? "redisPrefix" : "questdbTablePrefix";
    const where = news === "covered" ? "Redis, whose lease covers QuestDB too" : store;
    const who = state.lease === undefined ? "Another process" : leaseText(state.lease);
    logger.warn(
      `${who} writes to ${where}, so this process does not write to ${store}; it takes over if that one stops. To write at the same time, ` +
        `give one of them a ${prefix} of its own`,
    );
  };
}
