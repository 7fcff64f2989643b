import type { MetricDefinition } from "@slipstream/conventions";
import { labelText } from "./label-text.ts";
import { mergeFamilies } from "./merge-families.ts";
import type { Exemplar, HistogramSample, Labels, MetricFamily } from "./model.ts";
import { valueText } from "./number-text.ts";

/** In what the two text formats differ. */
export interface Dialect {
  /** The comment lines of a family, each ended by a line feed. */
  header(definition: MetricDefinition): string;
  /** A bucket's bound as the value of its `le`. */
  bound(upper: number): string;
  /** What follows a bucket's count, with its leading space; empty where the format has no exemplars. */
  exemplar(exemplar: Exemplar): string;
}

/** What a family's lines begin with. Kept as long as its definition and its label objects live. */
interface FamilyPrefixes {
  readonly header: string;
  readonly unlabelled: Prefixes;
  readonly labelled: WeakMap<Labels, Prefixes>;
}

/** Beginnings of a sample's lines, value excluded: one for a number; buckets, then sum and count, for a histogram. */
type Prefixes = readonly string[];

/**
 * Writes families in one dialect. Nearly all the cost of an exposition is its label text, so that is made once per
 * label object and looked up afterwards: sources that hand over the same objects at each scrape pay for the numbers only.
 */
export function createFamilyWriter(dialect: Dialect): (families: readonly MetricFamily[]) => string {
  const cache = new WeakMap<MetricDefinition, FamilyPrefixes>();

  function prefixesOf(definition: MetricDefinition): FamilyPrefixes {
    let family = cache.get(definition);
    if (family === undefined) {
      const header = dialect.header(definition);
      family = { header, unlabelled: linePrefixes(definition, "", dialect), labelled: new WeakMap() };
      cache.set(definition, family);
    }
    return family;
  }

  return (families) => {
    let text = "";
    for (const family of mergeFamilies(families)) {
      const { definition } = family;
      const prefixes = prefixesOf(definition);
      text += prefixes.header;
      if ("samples" in family) {
        for (const { labels, value } of family.samples) {
          text += `${samplePrefixes(prefixes, definition, labels, dialect)[0]}${valueText(value)}\n`;
        }
      } else {
        for (const histogram of family.histograms) {
          const lines = samplePrefixes(prefixes, definition, histogram.labels, dialect);
          text += histogramLines(lines, histogram, dialect);
        }
      }
    }
    return text;
  };
}

function samplePrefixes(
  family: FamilyPrefixes,
  definition: MetricDefinition,
  labels: Labels,
  dialect: Dialect,
): Prefixes {
  const known = family.labelled.get(labels);
  if (known !== undefined) return known;
  const text = labelText(labels);
  if (text === "") return family.unlabelled;
  const prefixes = linePrefixes(definition, text, dialect);
  family.labelled.set(labels, prefixes);
  return prefixes;
}

function linePrefixes(
  { name, kind, buckets = [] }: MetricDefinition,
  labels: string,
  dialect: Dialect,
): Prefixes {
  const braced = labels === "" ? "" : `{${labels}}`;
  if (kind !== "histogram") return [`${name}${braced} `];
  const before = labels === "" ? "" : `${labels},`;
  const bounds = [...buckets, Number.POSITIVE_INFINITY];
  return [
    ...bounds.map((upper) => `${name}_bucket{${before}le="${dialect.bound(upper)}"} `),
    `${name}_sum${braced} `,
    `${name}_count${braced} `,
  ];
}

function histogramLines(
  prefixes: Prefixes,
  { counts, sum, exemplars }: HistogramSample,
  dialect: Dialect,
): string {
  const buckets = prefixes.length - 2;
  let text = "";
  let cumulated = 0;
  for (let index = 0; index < buckets; index++) {
    cumulated += counts[index] ?? 0;
    const exemplar = exemplars?.[index];
    text += `${prefixes[index]}${valueText(cumulated)}${exemplar === undefined ? "" : dialect.exemplar(exemplar)}\n`;
  }
  return `${text}${prefixes[buckets]}${valueText(sum)}\n${prefixes[buckets + 1]}${valueText(cumulated)}\n`;
}
