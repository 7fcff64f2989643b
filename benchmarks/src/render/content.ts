import type { MetricDefinition } from "@slipstream/conventions";

export type SeriesLabels = Readonly<Record<string, string>>;

/** A family and the label sets of its series. */
export interface FamilyShape {
  readonly definition: MetricDefinition;
  readonly series: readonly SeriesLabels[];
}

/** One implementation holding the content. */
export interface Exposition {
  readonly name: string;
  /** Moves every value on, so that no number's text is the one of the time before. The same for all implementations. */
  tick(): void | Promise<void>;
  /** The exposition as it goes on the wire. */
  render(): Buffer | Promise<Buffer>;
}

const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1];
const LINES_PER_HISTOGRAM = BUCKETS.length + 3;

/**
 * 10,000 samples: 10 histogram families of 40 series, 10 lines each; 15 counters and 15 gauges of 200 series. Three
 * labels a series.
 */
export const content: readonly FamilyShape[] = [
  ...families("histogram", 10, 40),
  ...families("counter", 15, 200),
  ...families("gauge", 15, 200),
];

export const samples: number = content.reduce(
  (sum, { definition, series }) =>
    sum + series.length * (definition.kind === "histogram" ? LINES_PER_HISTOGRAM : 1),
  0,
);

/** What a counter grows by, a gauge is set to, or a histogram observes at a tick. */
export function valueAt(kind: MetricDefinition["kind"], series: number, tick: number): number {
  const spread = (series * 7919 + tick * 104_729) % 1_000_003;
  if (kind === "counter") return 1 + (spread % 1_000);
  return kind === "gauge" ? spread / 1_000 : (spread % 2_000) / 1_000;
}

/** The samples of an exposition, one a line, labels and lines in one order, so that two can be compared. */
export function sortedSamples(text: string): string[] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map(sortedLabels).sort();
}

function families(kind: MetricDefinition["kind"], count: number, series: number): FamilyShape[] {
  return Array.from({ length: count }, (_, i) => ({
    definition: {
      name: `benchmark_${kind}_${i}${kind === "counter" ? "_total" : ""}`,
      kind,
      unit: kind === "histogram" ? "seconds" : "items",
      help: `A ${kind} of the benchmark, number ${i}.`,
      ...(kind === "histogram" ? { buckets: BUCKETS } : {}),
    },
    series: Array.from({ length: series }, (_unused, j) => ({
      pair: `TOKEN${j >> 2}/USDC`,
      protection: j % 2 === 0 ? "jito" : "private_rpc",
      size: String(10 ** (2 + (j % 4))),
    })),
  }));
}

function sortedLabels(line: string): string {
  return line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(",").sort().join(",")}}`);
}
