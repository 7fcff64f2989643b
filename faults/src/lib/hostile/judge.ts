/** What was seen of one attack. */
export interface Measured {
  readonly attack: string;
  readonly rssMiB: { readonly before: number; readonly peak: number; readonly after: number };
  /** Times of the good client's requests, ms. */
  readonly without: readonly number[];
  readonly during: readonly number[];
  readonly afterwards: readonly number[];
  /** The good client's spans. */
  readonly sent: number;
  readonly counted: number;
  /** Connections that are open when the attack is over. */
  readonly connections: number;
  /** How long the aggregator took to end on SIGTERM while it was attacked again. */
  readonly endMs: number;
}

export const MAX_GROWTH_MIB = 128;
export const MAX_P99_MS = 250;
export const MAX_END_MS = 10_000;
/** The good client's own, and that of who asks. */
const MAX_CONNECTIONS = 16;

/** Nearest rank. */
export function percentile(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? Number.NaN;
}

/** What did not hold; empty if everything did. */
export function judge({
  rssMiB,
  without,
  during,
  afterwards,
  sent,
  counted,
  connections,
  endMs,
}: Measured): string[] {
  const growth = rssMiB.peak - rssMiB.before;
  const allowedMs = Math.max(MAX_P99_MS, 2 * percentile(without, 0.99));
  const late = (when: string, values: readonly number[]): string[] => {
    const p99 = percentile(values, 0.99);
    return p99 <= allowedMs
      ? []
      : [
          `${when}, P99 of the good client was ${p99.toFixed(0)} ms of ${values.length} requests (allowed: ${allowedMs.toFixed(0)})`,
        ];
  };
  return [
    ...(growth <= MAX_GROWTH_MIB
      ? []
      : [`RSS grew by ${growth.toFixed(0)} MiB (allowed: ${MAX_GROWTH_MIB})`]),
    ...late("during the attack", during),
    ...late("after the attack", afterwards),
    ...(counted === sent
      ? []
      : [`${counted} spans of the good client were counted, and ${sent} acknowledged`]),
    ...(endMs <= MAX_END_MS ? [] : [`it took ${(endMs / 1_000).toFixed(1)} s to end on SIGTERM`]),
    ...(connections <= MAX_CONNECTIONS ? [] : [`${connections} connections were open after the attack`]),
  ];
}
