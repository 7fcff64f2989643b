import { temporaryMemory } from "./channels/channel-memory.ts";
import type { ChannelsSettings } from "./channels/channel-types.ts";
import { createChannels } from "./channels/create-channels.ts";
import { Deliverer } from "./deliver/deliverer.ts";
import { lazySender } from "./http/lazy-sender.ts";
import type { Notifications, NotificationsOptions } from "./notifications.ts";

export interface TemporaryNotificationsOptions
  extends Pick<NotificationsOptions, "logger" | "print" | "now" | "times"> {
  /** These and no others: a console only if it is one of them. */
  readonly channels: ChannelsSettings;
  /** Most notifications that wait for a channel. */
  readonly mostWaiting: number;
}

/**
 * Opens the channels for a process that keeps nothing on disk: what was not delivered when it ends is lost.
 * @throws ConfigError if a secret of a channel cannot be read
 */
export async function openTemporaryNotifications({
  channels,
  logger,
  print,
  ...options
}: TemporaryNotificationsOptions): Promise<Pick<Notifications, "take" | "close">> {
  const sender = lazySender();
  const context = { send: sender.send, logger, print, memory: temporaryMemory() };
  const deliverer = new Deliverer({
    channels: await createChannels(channels, process.env, context),
    content: { waiting: [], told: [], known: [], digests: [], collapsed: [] },
    keep: () => undefined,
    logger,
    ...options,
  });
  return {
    take: (transitions, position) => deliverer.take(transitions, position),
    close: async () => {
      await deliverer.close();
      await sender.close();
    },
  };
}
