import { serviceMetrics } from "@slipstream/conventions";
import type { Instruments } from "@slipstream/telemetry/instruments";
import type { LocalPoint } from "./messages.ts";

/** What the service said of itself, as the engine reads it. What it has not said is left out. */
export function statePoints(instruments: Instruments, timeMs: number): readonly LocalPoint[] {
  const { circuitBreakerState, openPositions } = instruments;
  const single = [
    { name: serviceMetrics.circuitBreakerState.name, attributes: {}, handle: circuitBreakerState },
    { name: serviceMetrics.openPositions.name, attributes: {}, handle: openPositions },
  ];
  const byStore = (["activeConnections", "dependencyUp"] as const).flatMap((key) =>
    Object.entries(instruments[key]).map(([type, handle]) => ({
      name: serviceMetrics[key].name,
      attributes: { type },
      handle,
    })),
  );
  return known([...single, ...byStore], timeMs);
}

/** Memory and CPU of the process, as they were read last. */
export function processPoints(instruments: Instruments, timeMs: number): readonly LocalPoint[] {
  const gauges = (["memoryUsage", "memoryLimit", "cpuUsage"] as const).map((key) => {
    return { name: serviceMetrics[key].name, attributes: {}, handle: instruments[key] };
  });
  return known(gauges, timeMs);
}

interface Gauge extends Pick<LocalPoint, "name" | "attributes"> {
  readonly handle: { readonly value: number | undefined };
}

function known(gauges: readonly Gauge[], timeMs: number): readonly LocalPoint[] {
  return gauges.flatMap(({ name, attributes, handle: { value } }) =>
    value === undefined ? [] : [{ name, attributes, timeMs, value }],
  );
}
