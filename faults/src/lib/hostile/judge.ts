/** What was seen of one attack. */
export interface Measured {
  readonly attack: string;
  /** See `Attack`. */
  readonly maxTurnMs: number;
  readonly maxP99Ms: number;
  readonly maxGrowthMiB: number;
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
  /** The longest turn of its main thread, without garbage collection, and the longest garbage collection, ms. */
  readonly turnMs: number;
  readonly gcMs: number;
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

/** What did not hold. */
export interface Verdict {
  /** What the load of the machine has no part in. */
  readonly faults: readonly string[];
  /** Times of the good client, and of turns. On a busy machine they may be long without any attack. */
  readonly delays: readonly string[];
}

/** What did not hold; nothing if everything did. */
export function judge({
  maxTurnMs,
  maxP99Ms,
  maxGrowthMiB,
  rssMiB,
  without,
  during,
  afterwards,
  sent,
  counted,
  connections,
  turnMs,
  endMs,
}: Measured): Verdict {
  const growth = rssMiB.peak - rssMiB.before;
  return {
    faults: [
      ...problemIf(growth > maxGrowthMiB, `RSS grew by ${growth.toFixed(0)} MiB (allowed: ${maxGrowthMiB})`),
      ...problemIf(
        counted !== sent,
        `${counted} spans of the good client were counted, and ${sent} acknowledged`,
      ),
      ...problemIf(endMs > MAX_END_MS, `it took ${(endMs / 1_000).toFixed(1)} s to end on SIGTERM`),
      ...problemIf(connections > MAX_CONNECTIONS, `${connections} connections were open after the attack`),
    ],
    delays: [
      // The machine is as busy as just before and just after.
      ...late("during the attack", during, [...without, ...afterwards], maxP99Ms),
      ...late("after the attack", afterwards, without, MAX_P99_MS),
      ...problemIf(
        turnMs > maxTurnMs,
        `one turn of the main thread took ${turnMs.toFixed(0)} ms without garbage collection (allowed: ${maxTurnMs})`,
      ),
    ],
  };
}

function late(
  when: string,
  values: readonly number[],
  calm: readonly number[],
  leastMs: number,
): readonly string[] {
  const p99 = percentile(values, 0.99);
  const allowedMs = Math.max(leastMs, 2 * percentile(calm, 0.99));
  return problemIf(
    !(p99 <= allowedMs),
    `${when}, P99 of the good client was ${p99.toFixed(0)} ms of ${values.length} requests (allowed: ${allowedMs.toFixed(0)})`,
  );
}

function problemIf(isProblem: boolean, problem: string): readonly string[] {
  return isProblem ? [problem] : [];
}
