import type { Transition } from "@slipstream/alerts";

/** What is sent at once: one notification, or as many as came together. */
export interface Message {
  /** In the order in which they came about. At least one, at most `mostTogether` of the channel. */
  readonly notifications: readonly Transition[];
  /** How many more there are that the message only counts. */
  readonly more: number;
  /** How many alerts fired and resolved while the channel could not be reached, and were left out. */
  readonly collapsed: number;
  /** How late the oldest is, ms; undefined if it is not late. */
  readonly lateMs: number | undefined;
  /** Whether it is a test, which must be said. */
  readonly isTest: boolean;
}

/** What came of sending a message. `reason` never holds a secret. */
export type Outcome =
  | { readonly outcome: "delivered" }
  /** It may succeed later. `afterMs`: not before, as the receiver asked. */
  | { readonly outcome: "failed"; readonly reason: string; readonly afterMs?: number }
  /** This message will never be taken, others may be. */
  | { readonly outcome: "refused"; readonly reason: string }
  /** Nothing will be taken until somebody mends it: a wrong address, a revoked token. */
  | { readonly outcome: "parked"; readonly reason: string };

/** The outcome of sending that ended with an error, whose message holds no secret. */
export function failedBy(error: unknown): Outcome {
  return { outcome: "failed", reason: error instanceof Error ? error.message : String(error) };
}

/** Somewhere that notifications are sent to. It has no queue and no retries: the deliverer has. */
export interface Channel {
  /** As it is named in the configuration. */
  readonly name: string;
  readonly type: string;
  /** Most notifications in one message. 1: each is sent by itself. */
  readonly mostTogether: number;
  /** Called before the first `send`, with the newest firing of each open episode that the channel was told of. */
  restore?(told: readonly Transition[]): void;
  /** A rejection counts as failed: a secret that cannot be read now may be there later. Its message holds no secret. */
  send(message: Message, signal: AbortSignal): Promise<Outcome>;
  /** Never rejects. */
  close?(): Promise<void>;
}
