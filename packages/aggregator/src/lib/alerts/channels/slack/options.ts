import { privateAddressesField } from "../private-addresses-field.ts";

/** Slack, by an incoming webhook or by a bot's token. */
export const slackFields = {
  url: {
    type: "url",
    protocols: ["https:", "http:"],
    example: "https://hooks.slack.com/services/T000/B000/SECRET",
    secret: true,
    help: "the address of an incoming webhook",
  },
  token: {
    type: "text",
    pattern: /^[\x21-\x7e]{1,1000}$/ as RegExp,
    allowed: "the token of a bot with the scope chat:write, such as xoxb-...",
    secret: true,
    help: "a bot's token, in place of a webhook",
  },
  channel: {
    type: "text",
    pattern: /^[^\s\p{Cc}]{1,200}$/u as RegExp,
    allowed: "the id or the name of a channel, such as C0123456789 or #alerts",
    help: "where the bot posts; a webhook has its channel already",
  },
  apiUrl: {
    type: "url",
    protocols: ["https:", "http:"],
    example: "https://slack.com/api",
    default: "https://slack.com/api",
    help: "where Slack's API is, for the bot",
  },
  privateAddresses: privateAddressesField as typeof privateAddressesField,
} as const;

/** A webhook, or a bot and its channel. */
export function slackProblem(isGiven: (field: string) => boolean): string | undefined {
  if (isGiven("url") && (isGiven("token") || isGiven("channel")))
    return "has url and token or channel; allowed: url, or token and channel";
  if (isGiven("url") || (isGiven("token") && isGiven("channel"))) return undefined;
  if (isGiven("token")) return "has a token and no channel; allowed: the id or the name of a channel";
  return "needs url (or urlFile, urlEnv), or token and channel";
}
