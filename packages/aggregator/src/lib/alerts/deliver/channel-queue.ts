import type { Severity, Transition } from "@slipstream/alerts";
import type { DeliveryState } from "../outbox/delivery.ts";

/** A notification on its way to a channel. */
export interface Waiting {
  readonly transition: Transition;
  /** Unix ms. */
  readonly queuedMs: number;
  /** How often it was sent, if it may have been delivered. */
  attempts: number;
}

/** What goes into one message. */
export interface Batch {
  readonly shown: readonly Waiting[];
  /** The message only says how many they are. */
  readonly counted: readonly Waiting[];
  /** Alerts that were left out since the last message. */
  readonly collapsed: number;
}

/** A notification that waits no longer. */
export interface Settled {
  readonly waiting: Waiting;
  readonly state: Exclude<DeliveryState, "pending">;
  readonly reason: string | null;
}

/** Most notifications that wait for a channel: some 40 MB of them. */
const MOST_WAITING = 10_000;
/** If more messages than this would be needed for what waits, the first counts the rest. */
const MOST_MESSAGES = 3;
/** An alert that fired and resolved while the channel could not be reached for this long is only counted, ms. */
export const COLLAPSE_MS: number = 10 * 60_000;

const rank: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/**
 * What waits for one channel, in order. It knows of which episodes the channel has been told, so that a firing that was delivered is
 * resolved, and no other. It neither sends nor reads the clock.
 */
export class ChannelQueue {
  readonly #items: Set<Waiting> = new Set();
  readonly #most: number;
  /** The newest firing of each episode that the channel has been told of, or may have been. */
  readonly #told: Map<string, Transition>;
  /** What waits of each episode, in order. */
  readonly #episodes: Map<string, Set<Waiting>> = new Map();
  /** Episodes of which the newest that waits is the end. */
  readonly #over: Set<string> = new Set();
  #sending: ReadonlySet<Waiting> = new Set();
  #collapsed: number;

  /** @param told firings of which the channel was told in an earlier run, and that have not been resolved */
  constructor({
    told = [],
    collapsed = 0,
    most = MOST_WAITING,
  }: {
    readonly told?: Iterable<Transition>;
    /** Alerts that were left out since the last message. */
    readonly collapsed?: number;
    readonly most?: number | undefined;
  } = {}) {
    this.#told = new Map(Array.from(told, (firing) => [episodeOf(firing), firing]));
    this.#collapsed = collapsed;
    this.#most = most;
  }

  get size(): number {
    return this.#items.size;
  }

  /** The oldest one; undefined if none waits. */
  get oldest(): Waiting | undefined {
    const [first] = this.#items;
    return first;
  }

  /** The newest firing of each open episode that the channel was told of. */
  get told(): readonly Transition[] {
    return [...this.#told.values()];
  }

  /** Whether the channel is to get it: the end of an episode only if it was told of the beginning, or will be. */
  wants(transition: Transition): boolean {
    const episode = episodeOf(transition);
    return !ends(transition) || this.#told.has(episode) || this.#hasFiring(episode);
  }

  /** @returns what had to go for it */
  add(waiting: Waiting): readonly Settled[] {
    this.#items.add(waiting);
    const episode = episodeOf(waiting.transition);
    const ofEpisode = this.#episodes.get(episode) ?? new Set();
    this.#episodes.set(episode, ofEpisode.add(waiting));
    this.#noteNewest(episode, waiting);
    if (this.#items.size <= this.#most) return [];
    const settled = this.#collapse(() => true);
    while (this.#items.size > this.#most) settled.push(...this.#dropOne());
    return settled;
  }

  /**
   * Takes what is to be sent next: the oldest, at most `most`. If far more wait, the most severe of them, with the number of the rest.
   * It stays in the queue until it is settled. undefined: nothing waits.
   * @returns what was left out instead, too
   */
  next(
    most: number,
    nowMs: number,
  ): { readonly batch: Batch | undefined; readonly settled: readonly Settled[] } {
    const settled = this.#collapse(({ queuedMs }) => nowMs - queuedMs >= COLLAPSE_MS);
    if (this.#items.size === 0) return { batch: undefined, settled };
    const isStorm = most > 1 && this.#items.size > MOST_MESSAGES * most;
    const shown = isStorm ? this.#mostSevere(most) : this.#first(most);
    this.#sending = new Set(shown);
    const counted = isStorm
      ? [...this.#items].filter((each) => !this.#sending.has(each) && !ends(each.transition))
      : [];
    for (const each of shown) each.attempts += 1;
    return { batch: { shown, counted, collapsed: this.#collapsed }, settled };
  }

  /** The channel has taken the batch. */
  delivered({ shown, counted, collapsed }: Batch): readonly Settled[] {
    this.#collapsed -= collapsed;
    return [
      ...shown.flatMap((each) => this.#settle(each, "delivered")),
      ...counted.flatMap((each) => this.#settle(each, "counted")),
    ];
  }

  /** The channel will never take what the batch shows. */
  refused({ shown }: Batch, reason: string): readonly Settled[] {
    return shown.flatMap((each) => this.#settle(each, "refused", reason));
  }

  /** The channel has not taken any of the batch, though it may take some of it. */
  refusedTogether({ shown }: Batch): void {
    for (const each of shown) each.attempts -= 1;
  }

  /** Everything that waits is given up. */
  giveUp(reason: string): readonly Settled[] {
    return [...this.#items].flatMap((each) => this.#settle(each, "skipped", reason));
  }

  #first(most: number): readonly Waiting[] {
    const first: Waiting[] = [];
    for (const each of this.#items) if (first.push(each) >= most) break;
    return first;
  }

  /** Ends of what the channel was told of come first: they must not only be counted. */
  #mostSevere(most: number): readonly Waiting[] {
    const place = (each: Waiting): number =>
      this.#isOwed(each) ? -1 : ends(each.transition) ? 3 : rank[each.transition.severity];
    const chosen = new Set([...this.#items].toSorted((a, b) => place(a) - place(b)).slice(0, most));
    return [...this.#items].filter((each) => chosen.has(each));
  }

  /** Whether it ends something that the channel was told of. */
  #isOwed({ transition }: Waiting): boolean {
    return ends(transition) && this.#told.has(episodeOf(transition));
  }

  /** Leaves out alerts that have fired and resolved since, unless one was sent already. The newest stays if nothing else would. */
  #collapse(isOld: (oldest: Waiting) => boolean): Settled[] {
    const { oldest } = this;
    if (oldest === undefined || !isOld(oldest)) return [];
    const over = [...this.#over].flatMap((episode) => {
      const all = [...(this.#episodes.get(episode) ?? [])];
      const wasSent = this.#told.has(episode) || all.some(({ attempts }) => attempts > 0);
      return !wasSent && all.slice(0, 1).every(isOld) ? [{ episode, all }] : [];
    });
    if (over.reduce((sum, { all }) => sum + all.length, 0) === this.#items.size) {
      const newest = [...this.#episodes.keys()].at(-1);
      const kept = over.findIndex(({ episode }) => episode === newest);
      over.splice(kept, 1);
    }
    this.#collapsed += over.length;
    return over.flatMap(({ all }) => all.toReversed().flatMap((each) => this.#settle(each, "collapsed")));
  }

  /** The oldest that is not the end of something that the channel was told of; else the oldest. */
  #dropOne(): readonly Settled[] {
    let dropped: Waiting | undefined;
    for (const each of this.#items) {
      if (this.#sending.has(each)) continue;
      dropped ??= each;
      if (this.#isOwed(each)) continue;
      dropped = each;
      break;
    }
    return dropped === undefined ? [] : this.#settle(dropped, "dropped", "too many wait for the channel");
  }

  /** Takes one out of the queue. With the last firing of an episode that was never sent goes what would end it. */
  #settle(waiting: Waiting, state: Settled["state"], reason: string | null = null): readonly Settled[] {
    if (!this.#items.delete(waiting)) return [];
    const { transition, attempts } = waiting;
    const episode = episodeOf(transition);
    const ofEpisode = this.#episodes.get(episode);
    ofEpisode?.delete(waiting);
    if (ofEpisode?.size === 0) this.#episodes.delete(episode);
    this.#noteNewest(episode, [...(ofEpisode ?? [])].at(-1));
    const settled: Settled[] = [{ waiting, state, reason }];
    if (transition.kind === "resolved") this.#told.delete(episode);
    if (!begins(transition)) return settled;
    // What was sent before without success may have arrived.
    if (state === "delivered" || attempts > (state === "refused" ? 1 : 0))
      this.#told.set(episode, transition);
    if (this.#told.has(episode) || this.#hasFiring(episode)) return settled;
    for (const each of ofEpisode ?? [])
      if (ends(each.transition)) settled.push(...this.#settle(each, "skipped", "its firing was not sent"));
    return settled;
  }

  #noteNewest(episode: string, newest: Waiting | undefined): void {
    if (newest?.transition.kind === "resolved") this.#over.add(episode);
    else this.#over.delete(episode);
  }

  #hasFiring(episode: string): boolean {
    return [...(this.#episodes.get(episode) ?? [])].some(({ transition }) => begins(transition));
  }
}

/** Whether it tells of an episode that is not over. */
function begins({ kind }: Transition): boolean {
  return kind === "firing" || kind === "escalated";
}

/** Whether it only makes sense to those who were told that the alert fires. */
export function ends({ kind }: Transition): boolean {
  return kind === "resolved" || kind === "acknowledged";
}

function episodeOf({ desk = "", alert, episode }: Transition): string {
  return `${desk}\n${alert}\n${episode}`;
}
