/** What the commands log, on standard error. */
export const loggingOptions = {
  title: "Logging",
  options: {
    logLevel: {
      type: "choice",
      choices: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      default: "info",
      reload: true,
      env: "SLIPSTREAM_LOG_LEVEL",
      flag: "--log-level <level>",
      help: "least severe message that is logged",
    },
    logFormat: {
      type: "choice",
      choices: ["auto", "text", "json"],
      default: "auto",
      env: "SLIPSTREAM_LOG_FORMAT",
      flag: "--log-format <format>",
      help: "form of the log: text on a terminal and JSON elsewhere, or always one of them",
      details:
        "With `json`, `slipstream aggregate` prints nothing else: what it prints at its start, and the error that ends it, are lines of JSON on standard error too.",
    },
    logLevels: {
      type: "choice",
      choices: ["number", "name"],
      default: "number",
      env: "SLIPSTREAM_LOG_LEVELS",
      flag: "--log-levels <form>",
      help: 'how levels appear in JSON: 30, as pino writes them, or "info"',
    },
  },
} as const;

export type LogLevel = (typeof loggingOptions.options.logLevel.choices)[number];
