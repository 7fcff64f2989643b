import type { Labels, MetricFamily } from "@slipstream/exposition";

/** Labels with the desk's, kept so that the same labels give the same object: the exposition knows what it has written by that. */
export type DeskLabels = (labels: Labels) => Labels;

export function deskLabels(desk: string): DeskLabels {
  const known: WeakMap<Labels, Labels> = new WeakMap();
  return (labels) => {
    let own = known.get(labels);
    if (own === undefined) {
      own = { ...labels, desk };
      known.set(labels, own);
    }
    return own;
  };
}

/** The families of the own desk, and in them those of others with a label that names them. */
export function withDesks(
  own: readonly MetricFamily[],
  others: Iterable<{ readonly families: readonly MetricFamily[]; readonly labelled: DeskLabels }>,
): readonly MetricFamily[] {
  const byName = new Map(own.map((family) => [family.definition.name, family]));
  for (const { families, labelled } of others) {
    for (const family of families) {
      const { name } = family.definition;
      byName.set(name, joined(byName.get(name), family, labelled));
    }
  }
  return [...byName.values()];
}

function joined(before: MetricFamily | undefined, family: MetricFamily, labelled: DeskLabels): MetricFamily {
  const { definition } = family;
  if ("samples" in family) {
    const more = family.samples.map((sample) => ({ ...sample, labels: labelled(sample.labels) }));
    return { definition, samples: [...(before && "samples" in before ? before.samples : []), ...more] };
  }
  const more = family.histograms.map((sample) => ({ ...sample, labels: labelled(sample.labels) }));
  return {
    definition,
    histograms: [...(before && "histograms" in before ? before.histograms : []), ...more],
  };
}
