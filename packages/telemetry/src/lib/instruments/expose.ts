import { exposeOnMeter, type MeterSource } from "./expose-on-meter.ts";
import { exposeOnRegistry, type MetricRegistry } from "./expose-on-registry.ts";
import type { InstrumentSet } from "./instrument-set.ts";

/**
 * Exposes the instruments on what the service already serves: a prom-client Registry (anything with
 * `registerMetric`) or an OpenTelemetry MeterProvider (anything with `getMeter`). The returned function
 * undoes this.
 *
 * @throws TypeError if `registry` is neither; Error if the registry already has a metric with the same name.
 */
export function exposeInstruments(set: InstrumentSet, registry: unknown): () => void {
  if (has(registry, "registerMetric")) return exposeOnRegistry(set, registry as unknown as MetricRegistry);
  if (has(registry, "getMeter")) return exposeOnMeter(set, registry as unknown as MeterSource);
  throw new TypeError(
    "registry must be a prom-client Registry (registerMetric) or an OpenTelemetry MeterProvider (getMeter)",
  );
}

function has(value: unknown, method: string): boolean {
  return typeof (value as Record<string, unknown> | null | undefined)?.[method] === "function";
}
