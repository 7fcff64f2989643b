import type { Matcher, Severity } from "@slipstream/alerts";
import type { Channel } from "./channel.ts";

/** A channel and what it gets. */
export interface RoutedChannel {
  readonly channel: Channel;
  /** Least severe alerts that it gets. */
  readonly minSeverity: Severity;
  /** All must match. Empty: it gets alerts of any labels. */
  readonly match: readonly Matcher[];
}
