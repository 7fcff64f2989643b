/** Something that a client does to a running aggregator, until its process ends. */
export interface Attack {
  readonly name: string;
  /** What it does, for people. */
  readonly about: string;
  /**
   * Longest turn of the main thread, ms, if it is what its requests hold that takes time, and not how many there are. Any other attack
   * may make long turns.
   */
  readonly maxTurnMs?: number;
  /** The good client's P99 during the attack, ms, if it may be longer than usual. */
  readonly maxP99Ms?: number;
  /** By how much resident memory may grow, if its bodies are as large as they may be. */
  readonly maxGrowthMiB?: number;
  begin(port: number): void;
}
