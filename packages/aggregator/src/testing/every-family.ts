import { allMetrics, type MetricDefinition } from "@slipstream/conventions";
import type { Exemplar, Labels, MetricFamily } from "@slipstream/exposition";

/** A value for a label whose values come from the data, with all that needs escaping. */
export const awkward = 'a "quoted" \\ back\nslash, é {x="y"} 😀';

/**
 * Every metric that Slipstream has, with samples: for labels of fixed values each of them, for open ones an awkward one;
 * values that differ from one to the next, buckets with exemplars.
 */
export function everyFamily(nowMs: number): readonly MetricFamily[] {
  let seed = 0;
  const nextValue = () => ++seed * 1.25;
  const nextExemplar = (value: number): Exemplar => ({
    traceId: (++seed).toString(16).padStart(32, "0"),
    value,
    timestamp: nowMs / 1000,
  });
  return allMetrics.map((definition): MetricFamily => {
    const { buckets } = definition;
    if (buckets === undefined) {
      return { definition, samples: labelSets(definition).map((labels) => ({ labels, value: nextValue() })) };
    }
    return {
      definition,
      histograms: labelSets(definition).map((labels) => ({
        labels,
        counts: [...buckets, 0].map(() => ++seed),
        sum: nextValue(),
        exemplars: buckets.map(nextExemplar),
      })),
    };
  });
}

function labelSets({ labels = {} }: MetricDefinition): readonly Labels[] {
  return Object.entries(labels).reduce<readonly Labels[]>(
    (sets, [name, values]) =>
      sets.flatMap((set) =>
        (values === "open" ? [awkward] : values).map((value) => ({ ...set, [name]: value })),
      ),
    [{}],
  );
}
