/** A webhook of a Discord channel. */
export const discordFields = {
  url: {
    type: "url",
    protocols: ["https:", "http:"],
    example: "https://discord.com/api/webhooks/ID/SECRET",
    note: "?thread_id=ID may follow, for a thread",
    secret: true,
    required: true,
    help: "the address of a webhook",
  },
} as const;
