/** A variable of Slipstream's own that auto-instrumentation reads. */
export interface AutoVariable {
  readonly name: string;
  readonly help: string;
}

/** What `@slipstream/telemetry/auto` reads beside OpenTelemetry's variables. */
export const autoVariables: readonly AutoVariable[] = [
  {
    name: "SLIPSTREAM_TOKEN",
    help: "bearer token of the receiver",
  },
  {
    name: "SLIPSTREAM_METRICS_PORT",
    help: "port on 127.0.0.1 at which the service's own metrics are served, at `/metrics`, for Prometheus",
  },
  {
    name: "SLIPSTREAM_JUPITER_HOSTS",
    help: "further hosts of Jupiter, such as a proxy's: a list of `host`, `host:port` or `*.domain`. Requests to them carry no `traceparent`",
  },
  {
    name: "SLIPSTREAM_JITO_HOSTS",
    help: "further hosts of Jito, in the same form. A transaction that is sent to them counts as sent to Jito. Requests to them carry no `traceparent`",
  },
  {
    name: "SLIPSTREAM_AUTO_PID",
    help: "set by Slipstream itself for processes that the service starts, so that they know that they are not the first",
  },
];
