export const canariesTable = {
  name: "canaries",
  help: "One row for each canary: a trade that is sent to test the pipeline, and counts as no trade. Of more than 10 in a second, the first 10.",
  partition: "MONTH",
  keepDays: 30,
  columns: [
    {
      name: "timestamp",
      type: "time",
      key: true,
      help: "Time of receipt.",
    },
    { name: "trace_id", type: "text", key: true, help: "Its trace, 32 hexadecimal digits." },
    {
      name: "service",
      type: "symbol",
      help: "Who sent it: `service.name`, `slipstream-doctor` for the command.",
    },
    {
      name: "seconds",
      type: "double",
      unit: "s",
      help: "From its end to its receipt; negative if the clock of whoever sent it is ahead.",
    },
    {
      name: "desk",
      type: "symbol",
      key: true,
      help: "Desk whose data it is (`slipstream.desk`); empty for the desk that the aggregator is configured for. In QuestDB null instead of empty.",
    },
  ],
} as const;
