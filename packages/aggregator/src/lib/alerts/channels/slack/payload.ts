import { withoutMentions } from "../../text/clean.ts";
import { cut, fitLines } from "../../text/fit.ts";
import type { Link } from "../../text/layout.ts";
import { type MessagePart, messageLayoutOf, plainMessage } from "../../text/message-layout.ts";
import type { Message } from "../channel.ts";

/** Most characters of a header and of a section, as they are sent (docs.slack.dev/reference/block-kit/blocks). */
const HEADER = 150;
const SECTION = 3_000;
/** Not documented: messages whose blocks hold more than some 11,000 characters are refused (`msg_blocks_too_long`). */
const ALL_SECTIONS = 6_000;
/** A context block has at most 10 elements. */
const MOST_LINKS = 8;
const LONGEST_LINK = 300;
const FALLBACK = 3_900;

/** Notifications in one message: four blocks for each, of 50. */
export const MOST_TOGETHER = 10;

type Text = { readonly type: "plain_text" | "mrkdwn"; readonly text: string };

export interface SlackBlock {
  readonly type: "header" | "section" | "context" | "divider";
  readonly text?: Text;
  readonly elements?: readonly Text[];
}

export interface SlackPayload {
  /** What notifications show, and what is shown in place of blocks. */
  readonly text: string;
  readonly blocks?: readonly SlackBlock[];
  readonly mrkdwn: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** A message as Slack's blocks. Values are in plain text only, in which nothing is markup. */
export function slackPayload(message: Message): SlackPayload {
  const { parts, notes } = messageLayoutOf(message);
  const room = Math.min(SECTION, Math.floor(ALL_SECTIONS / parts.length));
  const blocks = parts.flatMap((part, index) => [
    ...(index === 0 ? [] : [{ type: "divider" } as const]),
    ...blocksOf(part, room),
  ]);
  const more = notes.length === 0 ? [] : [context([plain(fitLines(notes, SECTION, escapeSlack))])];
  return { ...textPayload(message), blocks: [...blocks, ...more] };
}

/** The message without blocks, for a receiver that refuses them. */
export function textPayload(message: Message): SlackPayload {
  const lines = plainMessage(message).split("\n");
  const text = fitLines(lines, FALLBACK, escapeSlack);
  return { text, mrkdwn: false, unfurl_links: false, unfurl_media: false };
}

/** `&`, `<` and `>` begin markup: links, mentions, dates. */
export function escapeSlack(text: string): string {
  return withoutMentions(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function blocksOf({ heading, alert, lines, links }: MessagePart, room: number): readonly SlackBlock[] {
  const section = fitLines(lines, room, escapeSlack);
  return [
    { type: "header", text: plain(cut(heading, HEADER, escapeSlack)) },
    ...(section === "" ? [] : [{ type: "section" as const, text: plain(section) }]),
    context([
      plain(cut(alert, LONGEST_LINK, escapeSlack)),
      ...links
        .map(linkText)
        .filter((text) => text.length <= LONGEST_LINK)
        .slice(0, MOST_LINKS)
        .map(markup),
    ]),
  ];
}

/** A link's name is a value: what is markup in it would show as such. */
function linkText({ name, url }: Link): string {
  const address = escapeSlack(url).replaceAll("|", "%7C").replaceAll("@\u200b", "%40");
  return `<${address}|${escapeSlack(name.replaceAll(/[*_~`|]/g, " "))}>`;
}

function context(elements: readonly Text[]): SlackBlock {
  return { type: "context", elements };
}

function plain(text: string): Text {
  return { type: "plain_text", text };
}

function markup(text: string): Text {
  return { type: "mrkdwn", text };
}
