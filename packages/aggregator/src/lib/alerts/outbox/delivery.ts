import type { Transition } from "@slipstream/alerts";

/**
 * What has become of a notification on its way to one channel:
 * - `pending`: it waits, or is being sent
 * - `delivered`: the channel has taken it
 * - `counted`: there were too many at once, and a message only said how many more there were
 * - `refused`: the channel will never take it
 * - `collapsed`: the channel could not be reached, and meanwhile the alert fired and resolved
 * - `dropped`: too many waited
 * - `skipped`: it ends something that the channel was never told of, or the channel is no longer configured
 */
export type DeliveryState =
  | "pending"
  | "delivered"
  | "counted"
  | "refused"
  | "collapsed"
  | "dropped"
  | "skipped";

/** A notification, and the channels that are to get it. */
export interface OutboxEntry {
  readonly transition: Transition;
  /** Of the log's record that it came of. */
  readonly position: number;
  readonly channels: readonly string[];
  /** Unix ms. */
  readonly queuedMs: number;
}

/** What has become of a notification. */
export interface DeliveryChange {
  readonly key: string;
  readonly channel: string;
  readonly state: DeliveryState;
  /** How often it was sent without a refusal. */
  readonly attempts: number;
  /** Why it was not delivered, or not yet. */
  readonly reason: string | null;
  /** Unix ms. */
  readonly timeMs: number;
}

/** A notification that waits for a channel. */
export interface StoredDelivery {
  readonly key: string;
  readonly channel: string;
  readonly attempts: number;
  /** Unix ms. */
  readonly queuedMs: number;
  /** The `Transition`, as JSON. */
  readonly json: string;
}

/** What is left of earlier runs. */
export interface OutboxContent {
  /** In the order in which they came about. */
  readonly waiting: readonly StoredDelivery[];
  /** Firings of episodes that have not resolved, of which a channel was told, or may have been. */
  readonly told: readonly StoredDelivery[];
  /** Each notification that is kept, and the time of its transition, Unix ms. */
  readonly known: readonly (readonly [key: string, atMs: number])[];
  /** The newest digest of each desk, the `Transition` as JSON. */
  readonly digests: readonly string[];
  /** Alerts that were left out since the channel was last reached. */
  readonly collapsed: readonly (readonly [channel: string, alerts: number])[];
}
