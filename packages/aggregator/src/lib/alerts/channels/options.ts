import type { Problem } from "@slipstream/config";
import type { ChannelsSettings } from "./channel-types.ts";
import { channelsProblems, printedChannels } from "./check-channels.ts";

/** Where notifications of alerts are sent to. */
export const channelOptions = {
  title: "Alerts",
  options: {
    channels: {
      type: "object",
      allowed: 'an object of channels by name: { ops: { type: "slack", urlEnv: "SLACK_URL" } }',
      problems: channelsProblems as (value: unknown) => readonly Problem[],
      printed: printedChannels as (value: ChannelsSettings) => unknown,
      reload: true,
      unset: "none; alerts go to the console",
      help: "where notifications of alerts are sent to",
      details: "docs/alerts.md lists the types and their settings.",
    },
  },
} as const;
