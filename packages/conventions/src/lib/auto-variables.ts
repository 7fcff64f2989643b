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
    name: "SLIPSTREAM_AUTO_PID",
    help: "set by Slipstream itself for processes that the service starts, so that they know that they are not the first",
  },
];
