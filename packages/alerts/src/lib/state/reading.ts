/** One series of the statistic that a rule reads, as it is now. */
export interface Reading {
  /** Labels of the series; empty if the statistic has one value. */
  readonly labels: Readonly<Record<string, string>>;
  /** null: unknown, and `reason` says why. */
  readonly value: number | string | null;
  readonly unit: string;
  /** Samples behind the value. */
  readonly count: number;
  readonly windowSeconds: number | null;
  readonly interval?: { readonly low: number | null; readonly high: number | null };
  readonly reason?: string;
}

/** What a rule reads at one time. */
export interface RuleReadings {
  /** Id of the rule. */
  readonly rule: string;
  /** Empty: the statistic has no series that the rule's labels choose. */
  readonly readings: readonly Reading[];
}

/** The time of an evaluation. */
export interface EvaluationTime {
  /** Time of receipt, Unix ms. It never goes back. */
  readonly nowMs: number;
  /** Event time of the statistics, Unix ms; undefined before the first event. */
  readonly eventMs: number | undefined;
  /** Whether a backlog is being worked off: what fires and resolves meanwhile goes into one digest, later. */
  readonly catchingUp: boolean;
}
