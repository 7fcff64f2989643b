import type { Transition } from "@slipstream/alerts";
import { recordOf } from "@slipstream/engine";
import { groupBy } from "@slipstream/testing/group-by";
import type { Rows } from "../aggregator/stored-history.ts";
import { type ChannelName, isFor } from "./alert-config.ts";
import type { Received } from "./receiver.ts";

/** What was notified, by alert: channels are told of each alert in order, and of different ones as they can. */
export type Sequences = ReadonlyMap<string, readonly unknown[]>;

/** What a channel is to be told of transitions, as far as the engine decides it. */
export function notificationsOf(
  channel: ChannelName,
  transitions: readonly Transition[],
): readonly Received[] {
  const told = new Set<string>();
  return transitions.flatMap((transition) => {
    const { muted, text, atMs, firedMs, eventMs, channels: _, lateMs: _late, ...rest } = transition;
    if (muted !== undefined) return [];
    // What follows a firing goes where the firing went.
    const episode = `${rest.alert} ${rest.episode}`;
    const isEnd = rest.kind === "resolved" || rest.kind === "acknowledged";
    if (isEnd ? !told.has(episode) : !isFor(channel, transition)) return [];
    told.add(episode);
    const { title, lines, evidence } = text;
    const times = { at: iso(atMs), firedAt: iso(firedMs), eventTime: eventMs === null ? null : iso(eventMs) };
    const data = { ...rest, ...times, title, lines, evidence };
    return [{ key: transition.key, data: JSON.parse(JSON.stringify(data)) as Received["data"] }];
  });
}

/** In full, without what the channel makes of it. */
export function byAlert(notifications: readonly Received[]): Sequences {
  return sequences(
    notifications,
    ({ data }) => String(data.alert),
    ({ data: { text: _, links: _links, isTest: _test, ...data } }) => data,
  );
}

/** As far as a history tells it. */
export function summaryOf(notifications: readonly Received[]): Sequences {
  return sequences(
    notifications,
    ({ data }) => String(data.alert),
    ({ data: { episode, kind, occurrence, severity } }) => [episode, kind, occurrence, severity].join(" "),
  );
}

/** What the rows of a history say that was sent. */
export function sentBy(rows: Rows): Sequences {
  const sent = rows.map(recordOf).filter(({ muted }) => muted === null);
  return sequences(
    sent,
    ({ alert }) => String(alert),
    ({ episode, transition, occurrence, severity }) => [episode, transition, occurrence, severity].join(" "),
  );
}

function sequences<T>(
  items: readonly T[],
  alertOf: (item: T) => string,
  show: (item: T) => unknown,
): Sequences {
  return new Map(Array.from(groupBy(items, alertOf), ([alert, all]) => [alert, all.map(show)]));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
