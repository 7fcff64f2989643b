import { withoutMentions } from "../../text/clean.ts";
import { cut, fitLines } from "../../text/fit.ts";
import { type MessagePart, messageLayoutOf } from "../../text/message-layout.ts";
import type { Message } from "../channel.ts";

/** Most UTF-16 units of a message, without its tags (core.telegram.org/bots/api#sendmessage). */
const TEXT = 4_096;
const HEADING = 256;
const ALERT = 200;
const LONGEST_LINK = 1_000;
const MOST_LINKS = 5;

/** Notifications in one message. */
export const MOST_TOGETHER = 10;

/** A message as Telegram's HTML, and without any markup for a server that refuses it. */
export interface TelegramText {
  readonly html: string;
  readonly plain: string;
}

export function telegramText(message: Message): TelegramText {
  const { parts, notes } = messageLayoutOf(message);
  const note = notes.length === 0 ? "" : fitLines(notes.map(withoutMentions), 500);
  const room = Math.floor((TEXT - note.length - 2) / parts.length) - 2;
  const pieces = [...parts.map((part) => partText(part, room)), ...(note === "" ? [] : [unmarked(note)])];
  return {
    html: pieces.map(({ html }) => html).join("\n\n"),
    plain: pieces.map(({ plain }) => plain).join("\n\n"),
  };
}

/** What begins a tag or an entity, and what ends an attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** @param room UTF-16 units without tags */
function partText({ heading, alert, lines, links }: MessagePart, room: number): TelegramText {
  const headingText = cut(withoutMentions(heading), Math.min(HEADING, Math.floor(room / 3)));
  const alertText = cut(withoutMentions(alert), Math.min(ALERT, Math.floor(room / 3)));
  const shown = links
    .filter(({ url }) => url.length <= LONGEST_LINK)
    .slice(0, MOST_LINKS)
    .map(({ name, url }) => ({ name: cut(withoutMentions(name), 40), url }));
  let left = room - headingText.length - alertText.length - 2;
  const names = shown.map(({ name }) => name).join(" · ");
  const withLinks = names !== "" && names.length < left / 2;
  if (withLinks) left -= names.length + 1;
  const text = fitLines(lines.map(withoutMentions), left - 1);
  const join = (pieces: readonly string[]): string => pieces.filter((piece) => piece !== "").join("\n");
  const anchors = shown.map(({ name, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>`);
  return {
    html: join([
      `<b>${escapeHtml(headingText)}</b>`,
      escapeHtml(text),
      withLinks ? anchors.join(" · ") : "",
      `<code>${escapeHtml(alertText)}</code>`,
    ]),
    plain: join([headingText, text, withLinks ? names : "", alertText]),
  };
}

function unmarked(text: string): TelegramText {
  return { html: escapeHtml(text), plain: text };
}
