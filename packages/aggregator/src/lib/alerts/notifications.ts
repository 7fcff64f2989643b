import { IN_MEMORY } from "../data-folder.ts";
import type { Logger } from "../logger.ts";
import type { StateStore } from "../state/state-store.ts";
import { openChannelMemory, temporaryMemory } from "./channels/channel-memory.ts";
import type { ChannelsSettings } from "./channels/channel-types.ts";
import { createChannels, withConsole } from "./channels/create-channels.ts";
import type { ChannelStatus, DeliveryTimes } from "./deliver/channel-delivery.ts";
import { Deliverer, type RoutedChannel } from "./deliver/deliverer.ts";
import { lazySender } from "./http/lazy-sender.ts";
import { withGrafanaLink } from "./text/grafana-link.ts";

/** Channels as the configuration has them, or as a program has made them. */
export type ConfiguredChannels = ChannelsSettings | readonly RoutedChannel[];

export interface NotificationsOptions {
  /** Default: the console only. */
  readonly channels?: ConfiguredChannels | undefined;
  /** Where channels keep what they must remember, or `IN_MEMORY`. */
  readonly dataDir: string;
  readonly store: Pick<StateStore, "outbox" | "keepNotifications">;
  readonly logger: Logger;
  /** Prints text for people; undefined: the console writes to the log. */
  readonly print?: ((text: string) => void) | undefined;
  /** Name of the aggregator's own desk; undefined: it has none. */
  readonly desk?: string | undefined;
  /** Where people reach Grafana, which notifications then link to; undefined: they do not. */
  readonly grafanaUrl?: string | undefined;
  /** Unix ms. */
  readonly now: () => number;
  readonly times?: DeliveryTimes | undefined;
}

/** What sends notifications of alerts. */
export interface Notifications {
  readonly take: Deliverer["take"];
  readonly digest: Deliverer["digest"];
  /** By name. */
  channels(): Readonly<Record<string, ChannelStatus>>;
  /** From now on these are the channels. @throws ConfigError if a secret cannot be read; then nothing has changed */
  setChannels(channels: ConfiguredChannels): Promise<void>;
  /** Sends what can be sent within some seconds. Never rejects. */
  close(): Promise<void>;
}

/**
 * Opens the channels, and goes on with what earlier runs have not delivered.
 * @throws ConfigError if a secret of a channel cannot be read
 */
export async function openNotifications(options: NotificationsOptions): Promise<Notifications> {
  const { channels = {}, dataDir, store, logger, print, now, times, desk, grafanaUrl } = options;
  const onFault = (reason: string): void =>
    logger.warn({ reason }, "What channels are to remember over a restart is not kept");
  const memory = dataDir === IN_MEMORY ? temporaryMemory() : await openChannelMemory(dataDir, onFault);
  const sender = lazySender();
  const made = async (configured: ConfiguredChannels): Promise<readonly RoutedChannel[]> =>
    isMade(configured)
      ? configured
      : createChannels(withConsole(configured), process.env, {
          send: sender.send,
          logger,
          print,
          memory,
          desk,
        });
  const deliverer = new Deliverer({
    channels: await made(channels),
    content: await store.outbox(),
    keep: (entries, changes) => store.keepNotifications(entries, changes),
    logger,
    now,
    times,
  });
  return {
    take: (transitions, position) =>
      deliverer.take(
        grafanaUrl === undefined ? transitions : transitions.map((each) => withGrafanaLink(each, grafanaUrl)),
        position,
      ),
    digest: (desk) => deliverer.digest(desk),
    channels: () => deliverer.status(),
    setChannels: async (configured) => deliverer.setChannels(await made(configured)),
    close: async () => {
      await deliverer.close();
      await sender.close();
    },
  };
}

function isMade(channels: ConfiguredChannels): channels is readonly RoutedChannel[] {
  return Array.isArray(channels);
}
