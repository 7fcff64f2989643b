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
      help: "name of this desk: data with it as slipstream.desk, or without any, is this desk's. Other aggregators that want to write to the same Redis or QuestDB show it. PerformanceMonitor sends it as slipstream.desk",
    },
  },
} as const;
