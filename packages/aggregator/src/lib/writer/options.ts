/** Who writes into Redis and QuestDB. */
export const writerOptions = {
  title: "Desk",
  options: {
    desk: {
      type: "text",
      pattern: /^[\x20-\x7e]{1,100}$/ as RegExp,
      allowed: "up to 100 printable ASCII characters",
      env: "SLIPSTREAM_DESK",
      flag: "--desk <name>",
      help: "name of the desk, which is shown to other aggregators that want to write to the same Redis or QuestDB. PerformanceMonitor also sends it as slipstream.desk",
    },
  },
} as const;
