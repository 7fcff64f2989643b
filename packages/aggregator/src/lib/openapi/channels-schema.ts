import { aggregatorMetrics } from "@slipstream/conventions";
import { z } from "zod";
import type { ChannelStatus } from "../alerts/deliver/channel-delivery.ts";
import { maybe, named, number, text } from "./named.ts";

const channel: z.ZodType<ChannelStatus> = named(
  "Channel",
  z.strictObject({
    type: text("What it is, such as `slack`."),
    up: maybe(z.boolean(), "Whether the last message was taken. `null` before the first."),
    queueItems: number("Notifications that wait."),
    waitingSinceMs: maybe(z.number(), "Since when the oldest of them waits, Unix ms."),
    parkedSinceMs: number(
      "Since when nothing is sent, because the receiver said that it will take nothing until the configuration is corrected, Unix ms. It is tried again each hour and after a reload.",
    ).exactOptional(),
    lastError: text("Why the last message was not taken.").exactOptional(),
    outcomes: z
      .partialRecord(z.enum(aggregatorMetrics.notifications.labels.outcome), z.number())
      .describe("Notifications since the start, by what has become of them. `failed` counts attempts."),
  }),
);

/** Where notifications are sent to, by name. */
export const channelsSchema: z.ZodType<Readonly<Record<string, ChannelStatus>>> = z
  .record(z.string(), channel)
  .describe("The channels that notifications are sent to, by name.");
