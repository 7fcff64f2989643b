/** The log of what was received, and the folder that it and everything else is kept in. */
export const logOptions = {
  title: "Data folder and log",
  options: {
    dataDir: {
      type: "text",
      allowed: "the path of a folder",
      default: ".slipstream",
      env: "SLIPSTREAM_DATA_DIR",
      flag: "--data <folder>",
      help: "folder of the log, the state and the embedded stores",
    },
    logKeepHours: {
      type: "number",
      above: 0,
      unit: "hours",
      default: 168,
      env: "SLIPSTREAM_LOG_KEEP_HOURS",
      help: "how long the log keeps what was received",
    },
    logMaxBytes: {
      type: "number",
      whole: true,
      min: 1_048_576,
      unit: "bytes",
      default: 17_179_869_184,
      env: "SLIPSTREAM_LOG_MAX_BYTES",
      help: "largest size of the log; beyond it the oldest part is deleted first",
    },
    logSegmentBytes: {
      type: "number",
      whole: true,
      min: 65_536,
      max: 68_719_476_736,
      unit: "bytes",
      default: 134_217_728,
      env: "SLIPSTREAM_LOG_SEGMENT_BYTES",
      help: "size at which the log begins a new file",
    },
  },
} as const;
