/** What a busy machine makes longer. */
export interface Times {
  /** Times of the good client's requests on connections that it keeps, before, during and after the attack, ms. */
  readonly without: readonly number[];
  readonly during: readonly number[];
  readonly afterwards: readonly number[];
  /** The longest time of a request on a new connection since the attack began, ms. */
  readonly newMs: number;
  /** The longest turn of the main thread since the attack began, without garbage collection, ms. */
  readonly turnMs: number;
}

/** What was seen of one attack. */
export interface Measured extends Times {
  readonly attack: string;
  /** See `Attack`. */
  readonly maxTurnMs: number;
  readonly maxP99Ms: number;
  readonly maxGrowthMiB: number;
  readonly rssMiB: { readonly before: number; readonly peak: number; readonly after: number };
  /** The same of an aggregator on the same disk that is not attacked. */
  readonly control: Times;
  /** Which part of the machine's CPU time went to other programs, 0 to 1. */
  readonly othersCpu: { readonly during: number; readonly afterwards: number };
  /** The good client's spans. */
  readonly sent: number;
  readonly counted: number;
  /** Connections that are open when the attack is over. */
  readonly connections: number;
  /** The longest garbage collection, ms. */
  readonly gcMs: number;
  /** How long the aggregator took to end on SIGTERM while it was attacked again. */
  readonly endMs: number;
}

export const MAX_GROWTH_MIB = 128;
export const MAX_P99_MS = 250;
/** A new connection waits behind those of the attack that came before it. */
export const MAX_NEW_MS = 5_000;
export const MAX_END_MS = 10_000;
/** A time may be so many times as long as without an attack. */
const MARGIN = 2;
/** Of the CPU time that others take, so much counts. */
const MOST_TAKEN = 0.8;
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
  /** Times of the good client, and of turns. On a busy machine they are long without any attack, and so are the control's. */
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
  newMs,
  control,
  othersCpu,
  sent,
  counted,
  connections,
  turnMs,
  endMs,
}: Measured): Verdict {
  const growth = rssMiB.peak - rssMiB.before;
  const allowedNewMs = Math.max(slowed(MAX_NEW_MS, othersCpu.during), MARGIN * control.newMs);
  const allowedTurnMs = Math.max(maxTurnMs, MARGIN * control.turnMs);
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
      // The machine is as busy as just before and just after, and as it is for the control.
      ...late(
        "during the attack",
        during,
        [[...without, ...afterwards], control.during],
        slowed(maxP99Ms, othersCpu.during),
      ),
      ...late(
        "after the attack",
        afterwards,
        [without, control.afterwards],
        slowed(MAX_P99_MS, othersCpu.afterwards),
      ),
      ...problemIf(
        newMs > allowedNewMs,
        `a request on a new connection took ${newMs.toFixed(0)} ms (allowed: ${allowedNewMs.toFixed(0)})`,
      ),
      ...problemIf(
        turnMs > allowedTurnMs,
        `one turn of the main thread took ${turnMs.toFixed(0)} ms without garbage collection (allowed: ${allowedTurnMs.toFixed(0)})`,
      ),
    ],
  };
}

/** How long something takes that takes `ms` on a machine of its own, if others take a part of the CPU time. */
function slowed(ms: number, taken: number): number {
  return ms / (1 - Math.min(taken, MOST_TAKEN));
}

function late(
  when: string,
  values: readonly number[],
  others: readonly (readonly number[])[],
  leastMs: number,
): readonly string[] {
  const p99 = percentile(values, 0.99);
  const allowedMs = Math.max(leastMs, ...others.map((other) => MARGIN * percentile(other, 0.99)));
  return problemIf(
    !(p99 <= allowedMs),
    `${when}, P99 of the good client was ${p99.toFixed(0)} ms of ${values.length} requests (allowed: ${allowedMs.toFixed(0)})`,
  );
}

function problemIf(isProblem: boolean, problem: string): readonly string[] {
  return isProblem ? [problem] : [];
}
