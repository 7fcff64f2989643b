import { withoutMentions } from "../../text/clean.ts";
import { cut, fitLines } from "../../text/fit.ts";
import { type MessagePart, messageLayoutOf, plainMessage } from "../../text/message-layout.ts";
import type { Message } from "../channel.ts";

/** Most characters (docs.discord.com/developers/resources/message#embed-object-embed-limits). */
const CONTENT = 2_000;
const TITLE = 256;
const DESCRIPTION = 4_096;
const FOOTER = 300;
const LONGEST_LINK = 500;
/** Titles, descriptions and footers of all embeds together. */
const ALL_EMBEDS = 6_000;

/** Embeds in a message. */
export const MOST_TOGETHER = 10;

export interface DiscordEmbed {
  readonly title: string;
  readonly description?: string;
  readonly color: number;
  readonly timestamp: string;
  readonly footer: { readonly text: string };
}

export interface DiscordPayload {
  /** What notifications show, and what is left for somebody who does not see embeds. */
  readonly content: string;
  readonly embeds?: readonly DiscordEmbed[];
  readonly allowed_mentions: { readonly parse: readonly [] };
}

const COLORS = { critical: 0xd9_2d_20, warning: 0xf7_90_09, info: 0x2e_90_fa, resolved: 0x12_b7_6a } as const;

export function discordPayload(message: Message): DiscordPayload {
  const { parts, notes } = messageLayoutOf(message);
  const room = Math.floor(ALL_EMBEDS / parts.length);
  return {
    content: fitLines([...parts.map(({ heading }) => heading), ...notes], CONTENT, escapeDiscord),
    embeds: parts.map((part) => embedOf(part, room)),
    allowed_mentions: { parse: [] },
  };
}

/** The message without embeds, for a receiver that refuses them. */
export function textPayload(message: Message): DiscordPayload {
  const content = fitLines(plainMessage(message).split("\n"), CONTENT, escapeDiscord);
  return { content, allowed_mentions: { parse: [] } };
}

/** One line, in which a backslash stands before whatever would be markup, a mention or an emoji. */
export function escapeDiscord(line: string): string {
  return withoutMentions(line)
    .replaceAll(/[\\*_~`|<]/g, "\\$&")
    .replaceAll("](", "]\\(")
    .replace(/^[>#+-]/, "\\$&")
    .replace(/^(\d+)\./, "$1\\.");
}

/** @param room characters of the embed */
function embedOf({ title, alert, lines, links, transition }: MessagePart, room: number): DiscordEmbed {
  const { kind, severity, atMs } = transition;
  const titleText = cut(title, Math.min(TITLE, Math.floor(room / 4)), escapeDiscord);
  const footer = cut(alert, Math.min(FOOTER, Math.floor(room / 4)));
  const written = links.filter(({ url }) => url.length <= LONGEST_LINK);
  const left = Math.min(DESCRIPTION, room - titleText.length - footer.length);
  const linksText = written.map(({ name, url }) => `[${linkName(name)}](<${url}>)`).join(" · ");
  const withLinks = linksText !== "" && linksText.length < left / 2;
  const text = fitLines(lines, withLinks ? left - linksText.length - 1 : left, escapeDiscord);
  const description = [text, ...(withLinks ? [linksText] : [])].filter((part) => part !== "").join("\n");
  return {
    title: titleText,
    ...(description !== "" && { description }),
    color: COLORS[kind === "resolved" ? "resolved" : severity],
    timestamp: new Date(atMs).toISOString(),
    footer: { text: footer },
  };
}

function linkName(name: string): string {
  return escapeDiscord(name).replaceAll(/[[\]]/g, "\\$&");
}
