import type { HistoryRetention, QuestDbOptions } from "@slipstream/aggregator";
import { historyTableNames } from "@slipstream/conventions";
import type { SlipstreamConfig } from "./config.ts";

/** QuestDB as it is configured; undefined where it is not. */
export function questDbOptions(config: SlipstreamConfig): QuestDbOptions | undefined {
  const { questdb, questdbPg, questdbTtlDays } = config;
  return questdb === undefined ? undefined : { conf: questdb, pgUrl: questdbPg, ttlDays: questdbTtlDays };
}

/** How long the embedded history is kept. */
export function historyRetention({ historyDays, historyMaxRows }: SlipstreamConfig): HistoryRetention {
  const days =
    typeof historyDays === "number"
      ? Object.fromEntries(historyTableNames.map((table) => [table, historyDays]))
      : historyDays;
  return { days, maxRows: historyMaxRows };
}
