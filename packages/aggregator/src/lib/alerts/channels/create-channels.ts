import { type Severity, seriesMatcher, severities, type Transition } from "@slipstream/alerts";
import { parseMatchers } from "@slipstream/alerts/matchers";
import { ConfigError, type Environment, valueProblem } from "@slipstream/config";
import type { RoutedChannel } from "../deliver/deliverer.ts";
import type { Channel } from "./channel.ts";
import type { ChannelContext } from "./channel-context.ts";
import type { ChannelValues } from "./channel-fields.ts";
import {
  type ChannelSettings,
  type ChannelsSettings,
  type ChannelTypeName,
  channelTypes,
} from "./channel-types.ts";
import { fieldsOf } from "./common-fields.ts";
import { secretReader } from "./read-secret.ts";

type Create<T extends ChannelTypeName> = (
  name: string,
  values: ChannelValues<(typeof channelTypes)[T]["fields"]>,
  context: ChannelContext,
) => Channel | readonly Channel[];

/** What a type needs is loaded only if there is a channel of it. */
const creators: { readonly [T in ChannelTypeName]: () => Promise<Create<T>> } = {
  console: async () => {
    const { createConsole } = await import("./console/console.ts");
    return (name, _, context) => createConsole(name, context);
  },
  file: async () => (await import("./file/file.ts")).createFile,
  slack: async () => (await import("./slack/slack.ts")).createSlack,
  discord: async () => (await import("./discord/discord.ts")).createDiscord,
  telegram: async () => (await import("./telegram/telegram.ts")).createTelegram,
  webhook: async () => (await import("./webhook/webhook.ts")).createWebhook,
  pagerduty: async () => (await import("./pagerduty/pagerduty.ts")).createPagerduty,
  alertmanager: async () => (await import("./alertmanager/alertmanager.ts")).createAlertmanagers,
};

/**
 * Makes the channels of a configuration that was checked.
 * @param environment for secrets that are in a variable
 * @throws ConfigError if secrets cannot be read or are not of the form of such a secret; it names all of them
 */
export async function createChannels(
  settings: ChannelsSettings,
  environment: Environment,
  context: ChannelContext,
): Promise<readonly RoutedChannel[]> {
  const entries = Object.entries(settings);
  const faults = (await Promise.all(entries.map((entry) => faultsOf(...entry, environment)))).flat();
  if (faults.length > 0) throw new ConfigError("channels", faults.join("\n"));
  const channels = await Promise.all(entries.map((entry) => channelsOf(...entry, environment, context)));
  return channels.flat();
}

/** The channels of a configuration, and a console if it has none. */
export function withConsole(settings: ChannelsSettings): ChannelsSettings {
  const entries = Object.entries(settings);
  if (entries.some(([, { type }]) => type === "console")) return settings;
  return { [nameFor("console", entries)]: { type: "console" }, ...settings };
}

/** One channel, or one for each address. */
async function channelsOf(
  name: string,
  settings: ChannelSettings,
  environment: Environment,
  context: ChannelContext,
): Promise<readonly RoutedChannel[]> {
  const given: Readonly<Record<string, unknown>> = { ...settings };
  const values = Object.fromEntries(
    Array.from(fieldsOf(channelTypes[settings.type]), ([key, field]) => [
      key,
      field.secret === undefined ? (given[key] ?? field.default) : secretReader(key, given, environment),
    ]),
  );
  // The settings are of the type that the creator of this type takes: the configuration was checked.
  const create = (await creators[settings.type]()) as Create<ChannelTypeName>;
  const accepts = acceptance(values.minSeverity as Severity, settings.match);
  return [create(name, values as never, context)].flat().map((channel) => ({
    channel,
    accepts: (transition) => accepts(transition) || transition.channels.includes(name),
  }));
}

/** Labels are those that silences match, too: the alert's, and `alertname`, `severity` and `desk`. */
function acceptance(minSeverity: Severity, match: string | undefined): (transition: Transition) => boolean {
  const matchers = match === undefined ? [] : parseMatchers(match);
  const matches = seriesMatcher("problem" in matchers ? [] : matchers);
  const least = severities.indexOf(minSeverity);
  return ({ labels, rule, severity, desk = "" }) =>
    severities.indexOf(severity) >= least && matches({ ...labels, alertname: rule, severity, desk });
}

async function faultsOf(
  name: string,
  settings: ChannelSettings,
  environment: Environment,
): Promise<readonly string[]> {
  const faults = await Promise.all(
    Array.from(fieldsOf(channelTypes[settings.type]), async ([key, field]) => {
      const read = field.secret === undefined ? undefined : secretReader(key, { ...settings }, environment);
      if (read === undefined) return [];
      try {
        const text = valueProblem(field, await read());
        return text === undefined ? [] : [`channels.${name}.${key} ${text}`];
      } catch (error) {
        return [`channels.${name}: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
  return faults.flat();
}

/** A name that no channel has. */
function nameFor(name: string, entries: readonly (readonly [string, unknown])[]): string {
  const taken = new Set(entries.map(([used]) => used));
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  return free;
}
