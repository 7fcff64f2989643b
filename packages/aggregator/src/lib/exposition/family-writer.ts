import type { MetricDefinition } from "@slipstream/conventions";
import { labelText } from "./label-text.ts";
import { mergeFamilies } from "./merge-families.ts";
import type { Exemplar, HistogramSample, MetricFamily, NumberSample } from "./model.ts";
import { valueText } from "./number-text.ts";
import { PrefixCache, type Prefixes } from "./prefix-cache.ts";

/** In what the two text formats differ. */
export interface Dialect {
  /** The comment lines of a family, without the last one's line feed. */
  header(definition: MetricDefinition): string;
  /** A bucket's bound as the value of its `le`. */
  bound(upper: number): string;
  /** What follows a bucket's count, with its leading space; empty where the format has no exemplars. */
  exemplar(exemplar: Exemplar): string;
}

/**
 * Writes families in one dialect, without the last line feed. Nearly all the cost of an exposition is its label text, so
 * that is kept from one to the next: a source that gives its series in the same order each time pays for the numbers only.
 */
export function createFamilyWriter(dialect: Dialect): (families: readonly MetricFamily[]) => string {
  const kept = new WeakMap<MetricDefinition, { readonly header: string; readonly prefixes: PrefixCache }>();

  return (families) => {
    let text = "";
    for (const family of mergeFamilies(families)) {
      const { definition } = family;
      let parts = kept.get(definition);
      if (parts === undefined) {
        const prefixes = new PrefixCache((labels) => linePrefixes(definition, labelText(labels), dialect));
        parts = { header: flat(dialect.header(definition)), prefixes };
        kept.set(definition, parts);
      }
      const { header, prefixes } = parts;
      if (text !== "") text += "\n";
      text += header;
      if ("samples" in family) {
        const { samples } = family;
        prefixes.keep(samples.length);
        for (let index = 0; index < samples.length; index++) {
          const { labels, value } = samples[index] as NumberSample;
          text += prefixes.at(index, labels)[0];
          text += valueText(value);
        }
      } else {
        const { histograms } = family;
        prefixes.keep(histograms.length);
        for (let index = 0; index < histograms.length; index++) {
          const histogram = histograms[index] as HistogramSample;
          text = appendHistogram(text, prefixes.at(index, histogram.labels), histogram, dialect);
        }
      }
    }
    return text;
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
