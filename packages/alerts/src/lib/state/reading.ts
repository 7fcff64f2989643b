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
