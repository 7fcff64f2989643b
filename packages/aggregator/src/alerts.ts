// `@slipstream/aggregator/alerts`: delivery of notifications without an aggregator, for a process that keeps nothing on disk.
import "@slipstream/conventions/needs-node-24";

export type { ChannelsSettings } from "./lib/alerts/channels/channel-types.ts";
export type { Notifications } from "./lib/alerts/notifications.ts";
export { openTemporaryNotifications } from "./lib/alerts/temporary-notifications.ts";
export type { Logger } from "./lib/logger.ts";
