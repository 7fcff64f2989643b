import { type Environment, type UnknownVariable, unknownVariables as unknown } from "@slipstream/config";
import { components } from "./components.ts";

/** Environment variables that are no key of the configuration, with what they do. */
export const otherVariables: readonly { readonly name: string; readonly help: string }[] = [
  { name: "SLIPSTREAM_CONFIG", help: "Path of the configuration file, as with `--config`." },
  { name: "NO_COLOR", help: "If set, output has no colors." },
  {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    help: "Services: where they send spans and metrics. `slipstream aggregate` prints the value to use.",
  },
  {
    name: "OTEL_SERVICE_NAME",
    help: "Services with `PerformanceMonitor` or stock OpenTelemetry: their name.",
  },
  { name: "OTEL_RESOURCE_ATTRIBUTES", help: "Services: further attributes of the service, `key=value,...`." },
  {
    name: "OTEL_EXPORTER_OTLP_HEADERS",
    help: "Services: further headers of their requests, `key=value,...`.",
  },
  { name: "OTEL_EXPORTER_OTLP_COMPRESSION", help: "Services: `gzip` or `none`." },
  { name: "OTEL_EXPORTER_OTLP_TIMEOUT", help: "Services: time limit of a request in milliseconds." },
  {
    name: "OTEL_METRIC_EXPORT_INTERVAL",
    help: "Services: time between two exports of metrics in milliseconds.",
  },
];

/** Our names for services and for our own tests: known, and read elsewhere. */
const elsewhere = [
  "SLIPSTREAM_JITO_HOSTS",
  "SLIPSTREAM_FIXTURES",
  "SLIPSTREAM_PYTHON",
  "SLIPSTREAM_COLLECTOR",
];

/** Variables that have our prefix and are read by nothing. */
export function unknownVariables(environment: Environment): readonly UnknownVariable[] {
  return unknown(components, [...otherVariables.map(({ name }) => name), ...elsewhere], environment);
}
