import type { Transition } from "@slipstream/alerts";
import type { Logger } from "../../logger.ts";
import type { Channel } from "../channels/channel.ts";
import type { DeliveryChange, OutboxContent, OutboxEntry, StoredDelivery } from "../outbox/delivery.ts";
import { readTransition } from "../outbox/stored-transition.ts";
import {
  ChannelDelivery,
  type ChannelStatus,
  type DeliveryTimes,
  type Recorded,
} from "./channel-delivery.ts";
import { ChannelQueue, ends, type Waiting } from "./channel-queue.ts";
import { channelOfTrouble, type Trouble, troubleFiring, troubleResolved } from "./channel-trouble.ts";

/** A channel, and which notifications lead to it. */
export interface RoutedChannel {
  readonly channel: Channel;
  /** Whether a notification that does not name the channel is for it. */
  readonly accepts: (transition: Transition) => boolean;
}

export interface DelivererOptions {
  /** Names are unique. */
  readonly channels: readonly RoutedChannel[];
  /** What is left of earlier runs. */
  readonly content: OutboxContent;
  /** Keeps notifications and what has become of them, in order. It never throws. */
  readonly keep: (entries: readonly OutboxEntry[], changes: readonly DeliveryChange[]) => void;
  readonly logger: Logger;
  /** Unix ms. */
  readonly now: () => number;
  readonly times?: DeliveryTimes | undefined;
  /** Most notifications that wait for a channel. Default 10,000. */
  readonly mostWaiting?: number | undefined;
}

interface Routed {
  readonly delivery: ChannelDelivery;
  accepts: RoutedChannel["accepts"];
}

/**
 * Brings notifications to the channels, each at least once. They are kept in the outbox when they come, so that what was not delivered
 * when the process ends is delivered after the next start. One that comes again from the log is known by its key. Each channel has a
 * queue of its own, so none waits for another.
 */
export class Deliverer {
  readonly #options: Omit<DelivererOptions, "channels" | "content">;
  readonly #channels: Map<string, Routed> = new Map();
  /** Time of the transition of every notification that the outbox had at the start. */
  readonly #known: ReadonlyMap<string, number>;
  /** The newest digest of each desk. */
  readonly #digests: Map<string, Transition> = new Map();
  /** Open episodes of channels in trouble, by the name of the channel. */
  readonly #troubles: Map<string, Transition> = new Map();

  constructor({ channels, content, ...options }: DelivererOptions) {
    this.#options = options;
    this.#known = new Map(content.known);
    for (const digest of content.digests) this.#noteDigest(readTransition(digest));
    const told = content.told.map(read);
    const waiting = content.waiting.map(read);
    for (const { transition } of [...told, ...waiting]) {
      if (transition === undefined) continue;
      const name = channelOfTrouble(transition);
      if (name === undefined) continue;
      if (transition.kind === "resolved") this.#troubles.delete(name);
      else this.#troubles.set(name, transition);
    }
    const collapsed = new Map(content.collapsed);
    for (const routed of channels) {
      const { name } = routed.channel;
      const queue = new ChannelQueue({
        most: options.mostWaiting,
        told: readable(told, name).map(({ transition }) => transition),
        collapsed: collapsed.get(name) ?? 0,
      });
      for (const each of readable(waiting, name)) options.keep([], this.#changesOf(name, queue.add(each)));
      this.#open(routed, queue);
    }
    this.#giveUp(waiting);
    this.#endTroublesOfOthers();
  }

  /** @param position of the log's record that they came of */
  take(transitions: readonly Transition[], position: number): void {
    const entries: OutboxEntry[] = [];
    const changes: DeliveryChange[] = [];
    for (const transition of transitions) {
      const fresh = transition.muted === undefined ? this.#unlessKnown(transition) : undefined;
      if (fresh === undefined) continue;
      this.#noteDigest(fresh);
      const queuedMs = this.#options.now();
      const channels = this.#channelsFor(fresh);
      entries.push({ transition: fresh, position, channels, queuedMs });
      for (const name of channels) {
        const waiting = { transition: fresh, queuedMs, attempts: 0 };
        changes.push(...this.#changesOf(name, this.#channels.get(name)?.delivery.add(waiting) ?? []));
      }
    }
    if (entries.length > 0) this.#options.keep(entries, changes);
  }

  /** From now on these are the channels. What waits for one that is gone is given up. */
  setChannels(channels: readonly RoutedChannel[]): void {
    const names = new Set(channels.map(({ channel }) => channel.name));
    for (const [name, { delivery }] of this.#channels) {
      if (names.has(name)) continue;
      this.#channels.delete(name);
      void delivery.remove();
    }
    for (const routed of channels) {
      const known = this.#channels.get(routed.channel.name);
      if (known === undefined) this.#open(routed, new ChannelQueue({ most: this.#options.mostWaiting }));
      else {
        known.accepts = routed.accepts;
        known.delivery.replace(routed.channel);
      }
    }
    this.#endTroublesOfOthers();
  }

  /** By name. */
  status(): Readonly<Record<string, ChannelStatus>> {
    return Object.fromEntries(
      Array.from(this.#channels, ([name, { delivery }]) => [name, delivery.status()]),
    );
  }

  /** What fired and resolved while a backlog was worked off last. @param desk absent: the own one */
  digest(desk = ""): Transition | undefined {
    return this.#digests.get(desk);
  }

  /** Sends what waits, as far as it can be sent within some seconds. Never rejects. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#channels.values(), ({ delivery }) => delivery.close()));
  }

  #open(routed: RoutedChannel, queue: ChannelQueue): void {
    const { logger, now, times } = this.#options;
    const { channel, accepts } = routed;
    const { name } = channel;
    let hasFailed = false;
    const delivery = new ChannelDelivery({
      channel,
      queue,
      record: (settled) => this.#options.keep([], this.#changesOf(name, settled)),
      onState: ({ up, reason }) => {
        if (!up) logger.warn({ channel: name, reason }, "Sending notifications failed; retrying");
        else if (hasFailed) logger.info({ channel: name }, "The channel takes notifications again");
        hasFailed = !up;
      },
      onParked: (reason) => {
        hasFailed = true;
        logger.error({ channel: name, reason }, PARKED);
      },
      onTrouble: (trouble) => this.#tellTrouble(name, trouble),
      onRefused: (reason, notification) => {
        const text = "The channel refuses a notification; it is not sent again";
        logger.error({ channel: name, notification, reason }, text);
      },
      now,
      times,
    });
    this.#channels.set(name, { delivery, accepts });
  }

  /** Undefined: it has come before. If the state of the alerts has begun again, another one may have had its key: then it gets a new one. */
  #unlessKnown(transition: Transition): Transition | undefined {
    const { key, atMs } = transition;
    const knownMs = this.#known.get(key);
    if (knownMs === undefined) return transition;
    const other = `${key}@${atMs}`;
    return knownMs === atMs || this.#known.has(other) ? undefined : { ...transition, key: other };
  }

  #noteDigest(transition: Transition | undefined): void {
    if (transition?.digest !== undefined) this.#digests.set(transition.desk ?? "", transition);
  }

  #channelsFor(transition: Transition): readonly string[] {
    return Array.from(this.#channels).flatMap(([name, { delivery, accepts }]) => {
      // What ends an episode goes where its beginning went.
      const isFor = ends(transition) || transition.channels.includes(name) || accepts(transition);
      // One that works is told of one that does not.
      const inTrouble = channelOfTrouble(transition);
      const isReached = inTrouble === undefined || (inTrouble !== name && delivery.status().up !== false);
      return isFor && isReached && delivery.queue.wants(transition) ? [name] : [];
    });
  }

  /** What is left of earlier runs and cannot be sent any more. */
  #giveUp(waiting: readonly Left[]): void {
    const { keep, logger, now } = this.#options;
    const timeMs = now();
    const changeOf = (
      { key, channel, attempts }: StoredDelivery,
      state: "skipped" | "refused",
      reason: string,
    ) => {
      return { key, channel, state, attempts, reason, timeMs };
    };
    const gone = waiting.filter(({ channel }) => !this.#channels.has(channel));
    const unreadable = waiting.filter(({ transition }) => transition === undefined);
    if (gone.length > 0) {
      const channels = [...new Set(gone.map(({ channel }) => channel))];
      logger.warn({ channels, notifications: gone.length }, GONE);
    }
    if (unreadable.length > 0) logger.error({ notifications: unreadable.length }, UNREADABLE);
    keep(
      [],
      [
        ...gone.map((each) => changeOf(each, "skipped", "the channel is no longer configured")),
        ...unreadable.map((each) => changeOf(each, "refused", "it cannot be read")),
      ],
    );
  }

  /** Told on the other channels. */
  #tellTrouble(name: string, trouble: Trouble | undefined): void {
    const told = this.#troubles.get(name);
    if ((told === undefined) === (trouble === undefined)) return;
    const nowMs = this.#options.now();
    if (trouble !== undefined) {
      const firing = troubleFiring(name, trouble, nowMs);
      this.#troubles.set(name, firing);
      this.take([firing], 0);
    } else if (told !== undefined) {
      this.#troubles.delete(name);
      this.take([troubleResolved(told, this.#channels.has(name), nowMs)], 0);
    }
  }

  /** A channel that is gone is in no trouble any more. */
  #endTroublesOfOthers(): void {
    for (const name of this.#troubles.keys())
      if (!this.#channels.has(name)) this.#tellTrouble(name, undefined);
  }

  #changesOf(channel: string, settled: readonly Recorded[]): readonly DeliveryChange[] {
    const timeMs = this.#options.now();
    return settled.map(({ waiting: { transition, attempts }, state, reason }) => {
      return { key: transition.key, channel, state, attempts, reason, timeMs };
    });
  }
}

/** What is left of a notification that waits, or that a channel was told of. */
interface Left extends StoredDelivery {
  /** Undefined: it cannot be read. */
  readonly transition: Transition | undefined;
}

function read(stored: StoredDelivery): Left {
  return { ...stored, transition: readTransition(stored.json) };
}

/** Those of a channel. One that cannot be read is left as it is. */
function readable(left: readonly Left[], name: string): readonly Waiting[] {
  return left.flatMap(({ channel, transition, queuedMs, attempts }) =>
    channel === name && transition !== undefined ? [{ transition, queuedMs, attempts }] : [],
  );
}

const PARKED =
  "The channel takes no notifications until its configuration is corrected; it is tried again each hour and after a reload";

const GONE = "Notifications wait for channels that are no longer configured; they are given up";
const UNREADABLE =
  "Notifications that wait in state.sqlite cannot be read, and are not sent: they are damaged, or a newer version wrote them";
