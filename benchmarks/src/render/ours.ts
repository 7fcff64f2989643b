import { encodePrometheus, type MetricFamily } from "@slipstream/exposition";
import { content, type Exposition, type FamilyShape, valueAt } from "./content.ts";

/** Ours, with the same label objects at each scrape, as a source hands them over; or with new ones each time. */
export function ours(labels: "kept" | "new"): Exposition {
  // Definitions of its own: the label text that is kept with them must not be another's.
  const states = content.map(({ definition, series }) => state({ definition: { ...definition }, series }));
  let families: readonly MetricFamily[] = [];
  let tick = 0;
  return {
    name: labels === "kept" ? "encodePrometheus" : "encodePrometheus, labels new at each scrape",
    tick: () => {
      for (const advance of states) advance.tick(tick);
      families = states.map(({ family }) => family(labels));
      tick += 1;
    },
    render: () => encodePrometheus(families),
  };
}

interface FamilyState {
  tick(tick: number): void;
  family(labels: "kept" | "new"): MetricFamily;
}

function state({ definition, series }: FamilyShape): FamilyState {
  const { kind, buckets = [] } = definition;
  const values = new Float64Array(series.length);
  const counts = series.map(() => new Float64Array(buckets.length + 1));
  const labelled = (labels: "kept" | "new") =>
    labels === "kept" ? series : series.map((set) => ({ ...set }));
  return {
    tick: (tick) => {
      for (let i = 0; i < values.length; i += 1) {
        const value = valueAt(kind, i, tick);
        values[i] = kind === "gauge" ? value : (values[i] ?? 0) + value;
        const own = counts[i];
        const bucket = buckets.findIndex((bound) => value <= bound);
        const at = bucket === -1 ? buckets.length : bucket;
        if (own !== undefined) own[at] = (own[at] ?? 0) + 1;
      }
    },
    family: (labels) =>
      kind === "histogram"
        ? {
            definition,
            histograms: labelled(labels).map((set, i) => ({
              labels: set,
              counts: counts[i] ?? [],
              sum: values[i] ?? 0,
            })),
          }
        : { definition, samples: labelled(labels).map((set, i) => ({ labels: set, value: values[i] ?? 0 })) },
  };
}
