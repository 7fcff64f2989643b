/** For the commands that talk to a running aggregator. */
export const clientOptions = {
  title: "Commands",
  options: {
    endpoint: {
      type: "url",
      protocols: ["http:", "https:"],
      pattern: /^[^/]*\/\/[^/?#@]+(?:[/?#].*)?$/ as RegExp,
      example: "http://127.0.0.1:9480",
      note: "without a name and password: the aggregator's token is --token or SLIPSTREAM_TOKEN",
      unset: "host and port, or for some commands the data folder",
      env: "SLIPSTREAM_ENDPOINT",
      flag: "--endpoint <url>",
      help: "address of a running aggregator",
    },
  },
} as const;
