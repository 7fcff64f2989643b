import { privateAddressesField } from "../private-addresses-field.ts";

/** A bot in a Telegram chat. */
export const telegramFields = {
  token: {
    type: "text",
    pattern: /^\d{1,20}:[\w-]{1,200}$/ as RegExp,
    allowed: "the token of a bot, as @BotFather gives it: 123456:SECRET",
    secret: true,
    required: true,
    help: "the bot's token",
  },
  chatId: {
    type: "text",
    pattern: /^(?:-?\d{1,20}|@[A-Za-z]\w{3,63})$/ as RegExp,
    allowed:
      'the id of a chat as a text, such as "-1001234567890", or the name of a public one, such as "@desk_alerts"',
    required: true,
    help: "the chat. If Telegram moves the group to a supergroup, its new id is kept in the data folder",
  },
  threadId: {
    type: "number",
    whole: true,
    min: 1,
    help: "the topic in the chat",
  },
  apiUrl: {
    type: "url",
    protocols: ["https:", "http:"],
    example: "https://api.telegram.org",
    default: "https://api.telegram.org",
    help: "where the Bot API is, for a server of your own",
  },
  privateAddresses: privateAddressesField as typeof privateAddressesField,
} as const;
