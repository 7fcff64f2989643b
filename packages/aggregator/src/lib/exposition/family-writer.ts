import type { MetricDefinition } from "@slipstream/conventions";
import { labelText } from "./label-text.ts";
import { mergeFamilies } from "./merge-families.ts";
import type { Exemplar, HistogramSample, Labels, MetricFamily } from "./model.ts";
import { valueText } from "./number-text.ts";

/** In what the two text formats differ. */
export interface Dialect {
  /** The comment lines of a family, without the last one's line feed. */
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

/**
 * Beginnings of a sample's lines, up to the value: one for a number; buckets, then sum and count, for a histogram. Each
 * starts with the line feed that ends the line before, so that a line is joined from two pieces and not from three.
 */
type Prefixes = readonly string[];

/**
 * Writes families in one dialect, without the last line feed. Nearly all the cost of an exposition is its label text, so
 * that is made once per label object and looked up afterwards: sources that hand over the same objects at each scrape
 * pay for the numbers only.
 */
export function createFamilyWriter(dialect: Dialect): (families: readonly MetricFamily[]) => string {
  const cache = new WeakMap<MetricDefinition, FamilyPrefixes>();

  function familyPrefixes(definition: MetricDefinition): FamilyPrefixes {
    let family = cache.get(definition);
    if (family === undefined) {
      family = {
        header: `\n${dialect.header(definition)}`,
        unlabelled: linePrefixes(definition, "", dialect),
        labelled: new WeakMap(),
      };
      cache.set(definition, family);
    }
    return family;
  }

  function samplePrefixes(family: FamilyPrefixes, definition: MetricDefinition, labels: Labels): Prefixes {
    const known = family.labelled.get(labels);
    if (known !== undefined) return known;
    const text = labelText(labels);
    if (text === "") return family.unlabelled;
    const prefixes = linePrefixes(definition, text, dialect);
    family.labelled.set(labels, prefixes);
    return prefixes;
  }

  return (families) => {
    let text = "";
    for (const family of mergeFamilies(families)) {
      const { definition } = family;
      const prefixes = familyPrefixes(definition);
      text += prefixes.header;
      if ("samples" in family) {
        for (const { labels, value } of family.samples) {
          text += samplePrefixes(prefixes, definition, labels)[0];
          text += valueText(value);
        }
      } else {
        for (const histogram of family.histograms) {
          text = appendHistogram(
            text,
            samplePrefixes(prefixes, definition, histogram.labels),
            histogram,
            dialect,
          );
        }
      }
    }
    return text.slice(1);
  };
}

function linePrefixes(
  { name, kind, buckets = [] }: MetricDefinition,
  labels: string,
  dialect: Dialect,
): Prefixes {
  const braced = labels === "" ? "" : `{${labels}}`;
  if (kind !== "histogram") return [flat("\n", name, braced, " ")];
  const before = labels === "" ? "" : `${labels},`;
  const bounds = [...buckets, Number.POSITIVE_INFINITY];
  return [
    ...bounds.map((upper) => flat("\n", name, "_bucket{", before, 'le="', dialect.bound(upper), '"} ')),
    flat("\n", name, "_sum", braced, " "),
    flat("\n", name, "_count", braced, " "),
  ];
}

/** Joins into one flat string. A template leaves a tree of pieces, which every exposition would walk again. */
function flat(...pieces: readonly string[]): string {
  return pieces.join("");
}

/** Appends to the text itself: pieces that are joined first and appended then take twice as long to flatten. */
function appendHistogram(
  before: string,
  prefixes: Prefixes,
  { counts, sum, exemplars }: HistogramSample,
  dialect: Dialect,
): string {
  const buckets = prefixes.length - 2;
  let text = before;
  let cumulated = 0;
  for (let index = 0; index < buckets; index++) {
    cumulated += counts[index] ?? 0;
    text += prefixes[index];
    text += cumulated;
    const exemplar = exemplars?.[index];
    if (exemplar !== undefined) text += dialect.exemplar(exemplar);
  }
  text += prefixes[buckets];
  text += valueText(sum);
  text += prefixes[buckets + 1];
  text += cumulated;
  return text;
}
