/** What the commands log, on standard error. */
export const loggingOptions = {
  title: "Logging",
  options: {
    logLevel: {
      type: "choice",
      choices: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      default: "info",
      env: "SLIPSTREAM_LOG_LEVEL",
      flag: "--log-level <level>",
      help: "least severe message that is logged",
    },
  },
} as const;

export type LogLevel = (typeof loggingOptions.options.logLevel.choices)[number];
