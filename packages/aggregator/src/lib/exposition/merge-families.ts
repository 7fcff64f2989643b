import type { Labels, MetricFamily } from "@slipstream/engine";
import { labelText } from "./label-text.ts";

/**
 * Joins families of one name, in the order of first appearance: a name may stand in an exposition only once. Where
 * two sources give the same series the first one's value is kept, for a series may stand there only once too.
 * @throws TypeError where two families of one name differ in kind: that is a programmer's mistake.
 */
export function mergeFamilies(families: readonly MetricFamily[]): readonly MetricFamily[] {
  const byName = new Map<string, MetricFamily>();
  for (const family of families) {
    const { name } = family.definition;
    const known = byName.get(name);
    byName.set(name, known === undefined ? family : join(known, family));
  }
  return byName.size === families.length ? families : [...byName.values()];
}

function join(first: MetricFamily, second: MetricFamily): MetricFamily {
  const { definition } = first;
  if (definition.kind === second.definition.kind) {
    if ("samples" in first && "samples" in second) {
      return { definition, samples: distinct([...first.samples, ...second.samples]) };
    }
    if ("histograms" in first && "histograms" in second) {
      return { definition, histograms: distinct([...first.histograms, ...second.histograms]) };
    }
  }
  throw new TypeError(
    `Two metric families are named ${definition.name}, one of kind ${definition.kind}, one of kind ${second.definition.kind}.`,
  );
}

function distinct<T extends { readonly labels: Labels }>(samples: readonly T[]): readonly T[] {
  const byLabels = new Map<string, T>();
  for (const sample of samples) {
    const key = labelText(sample.labels);
    if (!byLabels.has(key)) byLabels.set(key, sample);
  }
  return [...byLabels.values()];
}
