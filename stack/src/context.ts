import type { Part } from "./parts/part.ts";
import type { Progress } from "./progress.ts";

/** What every command works with. */
export interface Context {
  /** The parts that there are. */
  readonly all: readonly Part[];
  /** The checkout. */
  readonly repository: string;
  /** Where programs are installed. */
  readonly cache: string;
  readonly progress: Progress;
}
