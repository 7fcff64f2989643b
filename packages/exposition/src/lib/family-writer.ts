import type { MetricDefinition } from "@slipstream/conventions";
import { ByteWriter } from "./byte-writer.ts";
import { labelText } from "./label-text.ts";
import { mergeFamilies } from "./merge-families.ts";
import type { Exemplar, HistogramSample, MetricFamily } from "./metric-family.ts";
import { PrefixCache, type Prefixes } from "./prefix-cache.ts";

/** How the two text formats differ. */
export interface Dialect {
  /** The comment lines of a family, without the last one's line feed. */
  header(definition: MetricDefinition): string;
  /** A bucket's bound as the value of its `le`. */
  bound(upper: number): string;
  /** What follows a bucket's count, with a leading space; empty if the format has no exemplars. */
  exemplar(exemplar: Exemplar): string;
  /** The last lines, each with its line feed. */
  readonly end: string;
}

/** Writes families in one dialect, as UTF-8. */
export type FamilyWriter = (families: readonly MetricFamily[]) => Buffer;

/**
 * Makes a writer of one dialect. Nearly all the cost of an exposition is its label text, so the writer keeps that, in
 * bytes, for the next one. A source that gives its series in the same order each time pays only for the numbers.
 */
export function createFamilyWriter(dialect: Dialect): FamilyWriter {
  const kept = new WeakMap<
    MetricDefinition,
    { readonly header: Uint8Array; readonly prefixes: PrefixCache }
  >();
  const out = new ByteWriter();

  function partsOf(definition: MetricDefinition) {
    let parts = kept.get(definition);
    if (parts === undefined) {
      parts = {
        header: Buffer.from(dialect.header(definition)),
        prefixes: new PrefixCache((labels) => linePrefixes(definition, labelText(labels), dialect)),
      };
      kept.set(definition, parts);
    }
    return parts;
  }

  return (families) => {
    out.clear();
    for (const family of mergeFamilies(families)) {
      const { header, prefixes } = partsOf(family.definition);
      if (out.length > 0) out.bytes(lineFeed);
      out.bytes(header);
      if ("samples" in family) {
        prefixes.keep(family.samples.length);
        family.samples.forEach(({ labels, value }, index) => {
          out.bytes(prefixes.at(index, labels)[0] as Uint8Array);
          out.value(value);
        });
      } else {
        prefixes.keep(family.histograms.length);
        family.histograms.forEach((histogram, index) => {
          writeHistogram(out, prefixes.at(index, histogram.labels), histogram, dialect);
        });
      }
    }
    if (out.length > 0) out.bytes(lineFeed);
    out.text(dialect.end);
    return out.copy();
  };
}

const lineFeed: Uint8Array = Buffer.from("\n");

function linePrefixes(
  { name, kind, buckets = [] }: MetricDefinition,
  labels: string,
  dialect: Dialect,
): Prefixes {
  const braced = labels === "" ? "" : `{${labels}}`;
  if (kind !== "histogram") return [Buffer.from(`\n${name}${braced} `)];
  const before = labels === "" ? "" : `${labels},`;
  const bounds = [...buckets, Number.POSITIVE_INFINITY];
  return [
    ...bounds.map((upper) => Buffer.from(`\n${name}_bucket{${before}le="${dialect.bound(upper)}"} `)),
    Buffer.from(`\n${name}_sum${braced} `),
    Buffer.from(`\n${name}_count${braced} `),
  ];
}

function writeHistogram(
  out: ByteWriter,
  prefixes: Prefixes,
  { counts, sum, exemplars }: HistogramSample,
  dialect: Dialect,
): void {
  const buckets = prefixes.length - 2;
  let cumulated = 0;
  for (let index = 0; index < buckets; index++) {
    cumulated += counts[index] ?? 0;
    out.bytes(prefixes[index] as Uint8Array);
    out.value(cumulated);
    const exemplar = exemplars?.[index];
    if (exemplar !== undefined) out.text(dialect.exemplar(exemplar));
  }
  out.bytes(prefixes[buckets] as Uint8Array);
  out.value(sum);
  out.bytes(prefixes[buckets + 1] as Uint8Array);
  out.value(cumulated);
}
