/** Where the aggregator listens. */
export const serverOptions = {
  title: "Server",
  options: {
    host: {
      type: "text",
      // An IPv6 address has two colons or more; a single one would be that of a port.
      pattern: /^[^\s/:[\]]+$|^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*(?:%[^\s/]+)?$/i as RegExp,
      allowed: "a host name or an IP address, without a port",
      default: "127.0.0.1",
      env: "SLIPSTREAM_HOST",
      flag: "--host <host>",
      help: "address to listen on; any but loopback needs a token",
    },
    port: {
      type: "number",
      whole: true,
      min: 0,
      max: 65_535,
      note: "0 takes any free port",
      default: 9480,
      env: "SLIPSTREAM_PORT",
      flag: "--port <number>",
      help: "port to listen on",
    },
    maxConnections: {
      type: "number",
      whole: true,
      min: 64,
      max: 65_536,
      default: 2048,
      env: "SLIPSTREAM_MAX_CONNECTIONS",
      help: "most connections that are open at a time",
      details:
        "At the limit, the connection that has waited longest for its client is closed for a new one. It is lower if the process may not open so many files (`ulimit -n`): 288 of them are kept for the log, stores, health and metrics.",
    },
    allowedHosts: {
      type: "list",
      pattern: /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$|^\[?[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*\]?$/i as RegExp,
      allowed: "a list of host names and IP addresses, without ports",
      env: "SLIPSTREAM_ALLOWED_HOSTS",
      flag: "--allowed-hosts <hosts>",
      help: "names that requests may use for this host, such as the name of a proxy in front of it",
      details:
        "Loopback's names and the address itself are always allowed. On loopback, requests for any other host are refused, so that no web page can pose as the aggregator; elsewhere they are refused only if this option names hosts.",
    },
  },
} as const;

/** What protects the aggregator. Its clients need the same token. */
export const tokenOptions = {
  title: "Server",
  options: {
    token: {
      type: "text",
      pattern: /^[\x21-\x7e]+$/ as RegExp,
      allowed: "printable ASCII characters without spaces",
      secret: true,
      reload: true,
      env: "SLIPSTREAM_TOKEN",
      flag: "--token <token>",
      help: "bearer token that senders and readers must present",
      details: "Services that send with `@slipstream/telemetry` read the same variable.",
    },
  },
} as const;
