/** The aggregator alone. An entry of its own, because what reads a data folder, such as reports and replays, is as much code again. */
import "@slipstream/conventions/needs-node-24";

export { createAggregator } from "./lib/aggregator.ts";
export type { Aggregator } from "./lib/aggregator-options.ts";
export { hasStuckThread } from "./lib/threads/supervised-thread.ts";
