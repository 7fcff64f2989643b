import type { LoopDelay } from "./messages.ts";

/** A receiver that is measured, in a process of its own. */
export interface Subject {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** How late the event loop was since the last call; undefined for what has none. */
  loopDelay(): Promise<LoopDelay | undefined>;
  /** What is wrong with what it counted, after so many spans and trades were acknowledged; undefined where nothing is. */
  wrong(acknowledged: { readonly spans: number; readonly trades: number }): Promise<string | undefined>;
  close(): Promise<void>;
}
