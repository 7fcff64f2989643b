import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { content, type Exposition, type FamilyShape, valueAt } from "./content.ts";

/** prom-client's registry, which keeps the values itself. */
export function promClient(): Exposition {
  const registry = new Registry();
  const advances = content.map((family) => metric(registry, family));
  let tick = 0;
  return {
    name: "prom-client",
    tick: () => {
      for (const advance of advances) advance(tick);
      tick += 1;
    },
    render: async () => Buffer.from(await registry.metrics()),
  };
}

function metric(registry: Registry, { definition, series }: FamilyShape): (tick: number) => void {
  const { name, kind, help, buckets = [] } = definition;
  const options = { name, help, labelNames: Object.keys(series[0] ?? {}), registers: [registry] };
  const histogram = kind === "histogram" ? new Histogram({ ...options, buckets: [...buckets] }) : undefined;
  const counter = kind === "counter" ? new Counter(options) : undefined;
  const gauge = kind === "gauge" ? new Gauge(options) : undefined;
  return (tick) => {
    for (const [i, labels] of series.entries()) {
      const value = valueAt(kind, i, tick);
      histogram?.observe(labels, value);
      counter?.inc(labels, value);
      gauge?.set(labels, value);
    }
  };
}
