/** Something that a client does to a running aggregator, until its process ends. */
export interface Attack {
  readonly name: string;
  /** What it does, for people. */
  readonly about: string;
  begin(port: number): void;
}
