import type { Transition } from "@slipstream/alerts";
import { layoutOf, plainText } from "./layout.ts";

/** A notification as JSON: every field of the transition, and its text. Times are ISO 8601. */
export function notificationJson(transition: Transition, isTest: boolean): Readonly<Record<string, unknown>> {
  const { atMs, firedMs, eventMs, text, muted: _, channels: _channels, lateMs, ...rest } = transition;
  const layout = layoutOf(transition, isTest);
  return {
    ...rest,
    at: new Date(atMs).toISOString(),
    firedAt: new Date(firedMs).toISOString(),
    eventTime: eventMs === null ? null : new Date(eventMs).toISOString(),
    ...(lateMs !== undefined && { lateSeconds: lateMs / 1_000 }),
    isTest,
    title: text.title,
    lines: text.lines,
    evidence: text.evidence,
    links: layout.links,
    text: plainText(layout),
  };
}
