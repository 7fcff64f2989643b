import { createHash } from "node:crypto";
import type { Transition } from "@slipstream/alerts";
import { cleanLine } from "../../text/clean.ts";
import { cut, fitLines } from "../../text/fit.ts";
import { layoutOf, spanText } from "../../text/layout.ts";
import type { Message } from "../channel.ts";

/** What is posted to PagerDuty, without the routing key. */
export interface PagerdutyEvent {
  /** Where it goes: an event pages, a change is only shown. */
  readonly to: "enqueue" | "change/enqueue";
  readonly body: Readonly<Record<string, unknown>>;
}

/** PagerDuty's limits, UTF-16 units. All of it together stays far below its 512 KB. */
const SUMMARY = 1_024;
const DEDUP_KEY = 255;
const FIELD = 1_000;
const TEXT = 16_000;
const MOST_LABELS = 50;
const MOST_LINKS = 10;

/**
 * A notification as an event. What fires triggers an incident; what happened once (a daily summary) or is over already (a digest) is a
 * change, which pages nobody. A test triggers an incident of severity info and resolves it at once.
 */
export function pagerdutyEvents(message: Message, source: string): readonly PagerdutyEvent[] {
  const [notification] = message.notifications;
  if (notification === undefined) return [];
  const dedup_key = dedupKey(notification, source, message.isTest);
  const event = (event_action: string, more: object = {}): PagerdutyEvent => {
    return { to: "enqueue", body: { event_action, dedup_key, ...more } };
  };
  switch (notification.kind) {
    case "resolved":
      return [event("resolve")];
    case "acknowledged":
      return [event("acknowledge")];
    case "happened":
    case "digest": {
      const { summary, timestamp, custom_details } = payloadOf(message, notification, source);
      const payload = { summary, timestamp, source, custom_details };
      return [{ to: "change/enqueue", body: { payload, links: linksOf(notification) } }];
    }
    default: {
      const more = {
        payload: payloadOf(message, notification, source),
        links: linksOf(notification),
        client: "Slipstream",
      };
      return message.isTest ? [event("trigger", more), event("resolve")] : [event("trigger", more)];
    }
  }
}

/** The same for all of an episode, so that its resolve ends what its firing began, and no other. */
function dedupKey({ desk, alert, episode }: Transition, source: string, isTest: boolean): string {
  const parts = [source, ...(desk === undefined ? [] : [desk]), alert, episode, ...(isTest ? ["test"] : [])];
  const key = cleanLine(parts.join("/"));
  if (key.length <= DEDUP_KEY) return key;
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 32);
  return `${cut(key, DEDUP_KEY - hash.length - 1)}/${hash}`;
}

function payloadOf(message: Message, notification: Transition, source: string) {
  const { heading, title, lines } = layoutOf(notification, message.isTest);
  const { severity, atMs, rule, labels, desk } = notification;
  const [first] = lines;
  const component = labels.service ?? labels.operation ?? labels.sink;
  return {
    summary: cut(
      `${message.isTest ? "[TEST] " : ""}${title}${first === undefined ? "" : `: ${first}`}`,
      SUMMARY,
    ),
    source,
    severity: message.isTest ? "info" : severity,
    timestamp: new Date(atMs).toISOString(),
    class: cut(rule, FIELD),
    ...(component === undefined ? {} : { component: cut(cleanLine(component), FIELD) }),
    ...(desk === undefined ? {} : { group: cut(cleanLine(desk), FIELD) }),
    custom_details: { ...detailsOf(notification, message), text: fitLines([heading, ...lines], TEXT) },
  };
}

function detailsOf(
  notification: Transition,
  { lateMs, collapsed }: Message,
): Readonly<Record<string, unknown>> {
  const { key, rule, labels, value, worst, threshold, unit, count, occurrence, firedMs } = notification;
  const shown = (each: number | string | null): string | null =>
    each === null ? null : cut(`${each} ${unit}`.trim(), FIELD);
  const shownLabels = Object.entries(labels)
    .slice(0, MOST_LABELS)
    .map(([name, text]) => [cut(cleanLine(name), FIELD), cut(cleanLine(text), FIELD)]);
  return {
    rule: cut(rule, FIELD),
    labels: Object.fromEntries(shownLabels) as Readonly<Record<string, string>>,
    value: shown(value),
    worst: shown(worst),
    threshold: shown(threshold),
    samples: count,
    occurrence,
    firing_since: new Date(firedMs).toISOString(),
    key: cut(key, FIELD),
    ...(lateMs === undefined ? {} : { late_by: spanText(lateMs) }),
    ...(collapsed === 0 ? {} : { fired_and_resolved_meanwhile: collapsed }),
  };
}

function linksOf(notification: Transition): readonly { readonly href: string; readonly text: string }[] {
  return layoutOf(notification, false)
    .links.filter(({ url }) => url.length <= FIELD)
    .slice(0, MOST_LINKS)
    .map(({ name, url }) => ({ href: url, text: cut(name, FIELD) }));
}
