import { serviceMetrics } from "@slipstream/conventions";
import type { Random } from "@slipstream/testing/random";
import { type GaugeMessage, keyValues } from "../otlp/messages.ts";

const MIB = 2 ** 20;

/** What a process reports of itself at a time, Unix ns. */
export function gauges(random: Random, timeNs: bigint): GaugeMessage[] {
  const one = (name: string, value: number, labels: Readonly<Record<string, string>> = {}): GaugeMessage => ({
    name,
    gauge: {
      dataPoints: [{ timeUnixNano: String(timeNs), asDouble: value, attributes: keyValues(labels) }],
    },
  });
  const type = random.pick(["questdb", "postgres", "redis"]);
  return [
    one(serviceMetrics.circuitBreakerState.name, random.int(0, 2)),
    one(serviceMetrics.openPositions.name, random.int(0, 40)),
    one(serviceMetrics.memoryUsage.name, random.int(50, 900) * MIB),
    one(serviceMetrics.memoryLimit.name, 1_024 * MIB),
    one(serviceMetrics.cpuUsage.name, random.int(0, 100)),
    one(serviceMetrics.activeConnections.name, random.int(0, 20), { type }),
    one(serviceMetrics.dependencyUp.name, random.int(0, 1), { type }),
  ];
}
