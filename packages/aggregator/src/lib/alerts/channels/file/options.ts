/** A file that notifications are appended to. */
export const fileFields = {
  path: {
    type: "text",
    pattern: /[^/\\\0]$/ as RegExp,
    allowed: "the path of a file, such as /var/log/slipstream/alerts.log",
    required: true,
    help: "the file",
  },
  format: {
    type: "choice",
    choices: ["json", "text"],
    default: "json",
    help: "a line of JSON for each notification, or text as on a terminal with the time of each",
  },
  maxBytes: {
    type: "number",
    whole: true,
    min: 1_024,
    max: 1_099_511_627_776,
    unit: "bytes",
    default: 10_485_760,
    help: "size at which the file is put aside as `alerts.2026-11-29.1.log`; so is one of an earlier day",
  },
  keepFiles: {
    type: "number",
    whole: true,
    min: 1,
    max: 10_000,
    default: 14,
    help: "files that are kept, this one included; the oldest are deleted",
  },
} as const;
