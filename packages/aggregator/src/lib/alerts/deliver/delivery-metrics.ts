import { aggregatorMetrics } from "@slipstream/conventions";
import type { MetricFamily, MetricSource, NumberSample } from "@slipstream/exposition";
import type { ChannelStatus } from "./channel-delivery.ts";

/** What the aggregator knows of the channels that notifications are sent to. */
export function deliveryMetrics({
  channels,
  now,
}: {
  readonly channels: () => Readonly<Record<string, ChannelStatus>>;
  /** Unix ms. */
  readonly now: () => number;
}): MetricSource {
  return {
    collect: (): readonly MetricFamily[] => {
      const all = Object.entries(channels());
      const ofChannels = (value: (status: ChannelStatus) => number | undefined): readonly NumberSample[] =>
        all.flatMap(([channel, status]) => {
          const known = value(status);
          return known === undefined ? [] : [{ labels: { channel }, value: known }];
        });
      return [
        {
          definition: aggregatorMetrics.notifications,
          samples: all.flatMap(([channel, { outcomes }]) =>
            aggregatorMetrics.notifications.labels.outcome.map((outcome) => {
              return { labels: { channel, outcome }, value: outcomes[outcome] ?? 0 };
            }),
          ),
        },
        {
          definition: aggregatorMetrics.channelUp,
          samples: ofChannels(({ up }) => (up === null ? undefined : Number(up))),
        },
        {
          definition: aggregatorMetrics.channelQueueItems,
          samples: ofChannels(({ queueItems }) => queueItems),
        },
        {
          definition: aggregatorMetrics.channelWaiting,
          samples: ofChannels(({ waitingSinceMs }) =>
            waitingSinceMs === null ? 0 : Math.max(0, now() - waitingSinceMs) / 1_000,
          ),
        },
      ];
    },
  };
}
