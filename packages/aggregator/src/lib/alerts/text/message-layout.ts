import type { Transition } from "@slipstream/alerts";
import type { Message } from "../channels/channel.ts";
import { type Layout, layoutOf, plainText, spanText } from "./layout.ts";

/** All that a message says, not yet escaped. */
export interface MessageLayout {
  readonly parts: readonly MessagePart[];
  /** What is true of the message as a whole: how late it is, how many more there are. */
  readonly notes: readonly string[];
}

export interface MessagePart extends Layout {
  readonly transition: Transition;
}

export function messageLayoutOf({ notifications, more, collapsed, lateMs, isTest }: Message): MessageLayout {
  const notes: string[] = [];
  if (more > 0) notes.push(`And ${more} more`);
  if (collapsed > 0) {
    const alerts = collapsed === 1 ? "1 alert" : `${collapsed} alerts`;
    notes.push(`${alerts} fired and cleared while this channel could not be reached`);
  }
  if (lateMs !== undefined) notes.push(`Delivered ${spanText(lateMs)} late`);
  return {
    parts: notifications.map((transition) => ({ ...layoutOf(transition, isTest), transition })),
    notes,
  };
}

/** A message as plain text, with an empty line after each notification. */
export function plainMessage(message: Message): string {
  const { parts, notes } = messageLayoutOf(message);
  return [...parts.map(plainText), ...(notes.length === 0 ? [] : [notes.join("\n")])].join("\n\n");
}
