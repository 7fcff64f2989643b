import { type HistoryTableName, historyTable, historyTableNames } from "@slipstream/conventions";

/** What is made of the log: checkpoints of the statistics, and the embedded history. */
export const stateOptions = {
  title: "State and history",
  options: {
    checkpointItems: {
      type: "number",
      whole: true,
      min: 1,
      default: 300_000,
      env: "SLIPSTREAM_CHECKPOINT_ITEMS",
      help: "spans, metric points and requests after which a checkpoint is due",
      details:
        "After a crash, what came since the last checkpoint is read from the log again. With the default that takes about a second.",
    },
    historyDays: {
      type: "numbers",
      names: historyTableNames as readonly HistoryTableName[],
      whole: true,
      min: 1,
      max: 36_500,
      unit: "days",
      default: daysByTable() as Readonly<Record<HistoryTableName, number>>,
      env: "SLIPSTREAM_HISTORY_DAYS",
      help: "how long the embedded history is kept, in all tables or by table",
    },
    historyMaxRows: {
      type: "number",
      whole: true,
      min: 1_000,
      default: 10_000_000,
      env: "SLIPSTREAM_HISTORY_MAX_ROWS",
      help: "most rows in the embedded history; beyond that those written first are deleted",
      details:
        "10 million trades take about 4 GB. Trades are deleted some seconds of them at a time, so there may be a few more.",
    },
  },
} as const;

function daysByTable(): Readonly<Record<HistoryTableName, number>> {
  return Object.fromEntries(historyTableNames.map((name) => [name, historyTable(name).keepDays])) as Record<
    HistoryTableName,
    number
  >;
}
