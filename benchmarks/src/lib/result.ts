/** A measured value with its 95 % interval over rounds. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Goal {
  /** The measured value is to be below this. */
  readonly below: number;
  /** "unclear" where the interval holds the goal. */
  readonly verdict: "met" | "missed" | "unclear";
}

/** One of ours beside one of theirs, measured in the same rounds. */
export interface Comparison {
  readonly ours: string;
  readonly theirs: string;
  readonly unit: string;
  readonly ourTime: Estimate;
  readonly theirTime: Estimate;
  /** Ours divided by theirs, of the same round. */
  readonly ratio: Estimate;
  readonly goal?: Goal;
  /** Bytes allocated per operation, where they were measured. */
  readonly ourBytes?: number;
  readonly theirBytes?: number;
}

/** A value that is compared with a goal and not with another library. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly estimate: Estimate;
  readonly goal?: Goal;
}

export interface BenchmarkResult {
  readonly name: string;
  readonly title: string;
  readonly comparisons: readonly Comparison[];
  readonly figures: readonly Figure[];
  /** What was compared, and what a reader must know to judge it. */
  readonly notes: readonly string[];
}

export function judge(estimate: Estimate, below: number): Goal {
  if (estimate.high < below) return { below, verdict: "met" };
  return { below, verdict: estimate.low >= below ? "missed" : "unclear" };
}
