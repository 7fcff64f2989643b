/** Something that a client does to a running aggregator, until its process ends. */
export interface Attack {
  readonly name: string;
  /** What it does, for people. */
  readonly about: string;
  /** It is what its requests hold that takes time, and not how many there are: no turn of the main thread may be long. */
  readonly isOfContent?: boolean;
  /** By how much resident memory may grow, if its bodies are as large as they may be. */
  readonly maxGrowthMiB?: number;
  begin(port: number): void;
}
