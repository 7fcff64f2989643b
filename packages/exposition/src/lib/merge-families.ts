import { labelText } from "./label-text.ts";
import type { Labels, MetricFamily } from "./metric-family.ts";

/**
 * Joins families of the same name, in the order of first appearance: a name may appear in an exposition only once, and
 * so may a series. If two sources give the same series, the first one's value is kept.
 * @throws TypeError if two families of the same name differ in kind: that is a bug
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
