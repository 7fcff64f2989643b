import { alertmanagerFields, alertmanagerProblem } from "./alertmanager/options.ts";
import type { ChannelFields, ChannelSettingsOf } from "./channel-fields.ts";
import { consoleFields } from "./console/options.ts";
import { discordFields } from "./discord/options.ts";
import { fileFields } from "./file/options.ts";
import { pagerdutyFields } from "./pagerduty/options.ts";
import { slackFields, slackProblem } from "./slack/options.ts";
import { telegramFields } from "./telegram/options.ts";
import { webhookFields, webhookProblem } from "./webhook/options.ts";

/** A type of channels. Plain data, but for `problem`. */
export interface ChannelType<F = ChannelFields> {
  /** What it is, for the documentation. */
  readonly about: string;
  readonly fields: F;
  /** What is wrong with its settings together. @param isGiven whether a field is given, in any of its forms */
  problem?(isGiven: (field: string) => boolean): string | undefined;
}

/** The types of channels and their settings, in the order of the documentation. */
export const channelTypes: {
  readonly console: ChannelType<typeof consoleFields>;
  readonly file: ChannelType<typeof fileFields>;
  readonly webhook: ChannelType<typeof webhookFields>;
  readonly slack: ChannelType<typeof slackFields>;
  readonly discord: ChannelType<typeof discordFields>;
  readonly telegram: ChannelType<typeof telegramFields>;
  readonly pagerduty: ChannelType<typeof pagerdutyFields>;
  readonly alertmanager: ChannelType<typeof alertmanagerFields>;
} = {
  console: { about: "standard error, or the log. It is always there", fields: consoleFields },
  file: { about: "a file, put aside by size and each day", fields: fileFields },
  webhook: {
    about: "an address of your own, which gets signed JSON",
    fields: webhookFields,
    problem: webhookProblem,
  },
  slack: { about: "Slack, by an incoming webhook or a bot", fields: slackFields, problem: slackProblem },
  discord: { about: "a webhook of a Discord channel", fields: discordFields },
  telegram: { about: "a bot in a Telegram chat", fields: telegramFields },
  pagerduty: { about: "a service of PagerDuty (Events API v2)", fields: pagerdutyFields },
  alertmanager: {
    about: "Alertmanager (API v2), one instance or a cluster",
    fields: alertmanagerFields,
    problem: alertmanagerProblem,
  },
};

export type ChannelTypeName = keyof typeof channelTypes;

/** A channel as the configuration has it. */
export type ChannelSettings = {
  [T in ChannelTypeName]: { readonly type: T } & ChannelSettingsOf<(typeof channelTypes)[T]["fields"]>;
}[ChannelTypeName];

/** The channels of a configuration by name. */
export type ChannelsSettings = Readonly<Record<string, ChannelSettings>>;
