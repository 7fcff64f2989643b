import { setTimeout as sleep } from "node:timers/promises";
import type { Backoff } from "@slipstream/stats";
import { RetryLoop } from "../../retry/retry-loop.ts";
import type { Channel, Message } from "../channels/channel.ts";
import type { DeliveryState } from "../outbox/delivery.ts";
import type { Batch, ChannelQueue, Settled, Waiting } from "./channel-queue.ts";
import { sendInTime } from "./send-in-time.ts";

export interface DeliveryTimes {
  /** Between attempts. Default: from 1 s up to 1 min. */
  readonly backoff?: Backoff | undefined;
  /** A channel that has not answered by then has failed, ms. Default 30 s. */
  readonly sendMs?: number | undefined;
  /** How often a parked channel is tried, ms. Default 1 hour. */
  readonly parkedMs?: number | undefined;
  /** A channel that has failed for this long is reported on the others, ms. Default 10 min. */
  readonly troubleMs?: number | undefined;
  /** How long `close` goes on sending, ms. Default 3 s. */
  readonly closeMs?: number | undefined;
}

const TIMES = {
  backoff: { firstMs: 1_000, longestMs: 60_000 },
  parkedMs: 3_600_000,
  troubleMs: 10 * 60_000,
  closeMs: 3_000,
} as const;
/** A receiver that asks for more patience than this is tried again all the same, ms. */
const LONGEST_WAIT_MS = 24 * 3_600_000;
/** A notification that is older than this is late, ms. */
const LATE_MS = 30_000;

/** What came of notifications and attempts. `failed` counts attempts, all others count notifications. */
export type DeliveryOutcome = Exclude<DeliveryState, "pending"> | "failed";

/** A channel, as `/readyz` and `/metrics` show it. */
export interface ChannelStatus {
  readonly type: string;
  /** Whether the last message was taken; null before the first. */
  readonly up: boolean | null;
  /** Notifications that wait. */
  readonly queueItems: number;
  /** Since when the oldest of them waits, Unix ms; null if none does. */
  readonly waitingSinceMs: number | null;
  /** Since when it takes nothing until somebody mends it, Unix ms. It is tried each hour. */
  readonly parkedSinceMs?: number;
  /** Why the last message was not taken. */
  readonly lastError?: string;
  /** Since the start. */
  readonly outcomes: Readonly<Partial<Record<DeliveryOutcome, number>>>;
}

/** What has become of a notification, to be kept. */
export interface Recorded {
  readonly waiting: Waiting;
  readonly state: DeliveryState;
  readonly reason: string | null;
}

export interface ChannelDeliveryOptions {
  readonly channel: Channel;
  readonly queue: ChannelQueue;
  /** Keeps what has become of notifications. */
  readonly record: (changes: readonly Recorded[]) => void;
  /** Called once per change: when it begins to fail, and when it works (again, if it failed before). */
  readonly onState: (state: { readonly up: boolean; readonly reason?: string }) => void;
  /** Called when nothing will be taken until somebody mends it. */
  readonly onParked: (reason: string) => void;
  /** Called when the channel is in trouble for so long that others are told, and with undefined when it works again. */
  readonly onTrouble: (trouble: { readonly reason: string; readonly parked: boolean } | undefined) => void;
  readonly onRefused: (reason: string, notifications: number) => void;
  /** Unix ms. */
  readonly now: () => number;
  readonly times?: DeliveryTimes | undefined;
}

/** Sends what waits for one channel, one message at a time, in order. What fails is sent again. */
export class ChannelDelivery {
  readonly #options: ChannelDeliveryOptions;
  readonly #times;
  readonly #queue: ChannelQueue;
  readonly #loop: RetryLoop;
  readonly #outcomes: Partial<Record<DeliveryOutcome, number>> = {};
  readonly #breakOff: AbortController = new AbortController();
  #channel: Channel;
  /** Notifications that are sent by themselves, because a message that held them was refused. */
  #alone = 0;
  #parkedSinceMs: number | undefined;
  #failingSinceMs: number | undefined;
  /** Not before then, as the receiver asked, Unix ms. */
  #notBeforeMs = 0;
  #retry: AbortController = new AbortController();
  #sending: Promise<unknown> | undefined;

  constructor(options: ChannelDeliveryOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...given(options.times) };
    this.#channel = options.channel;
    this.#queue = options.queue;
    this.#loop = new RetryLoop(
      {
        step: () => this.#step(),
        hasMore: () => this.#queue.size > 0,
        onState: (up, reason) => {
          // What is parked is said already.
          if (this.#parkedSinceMs !== undefined) return;
          options.onState({ up, ...(reason === undefined ? {} : { reason }) });
        },
      },
      {
        backoff: this.#times.backoff,
        closeMs: this.#times.closeMs,
        wait: (ms, signal) => this.#wait(ms, signal),
      },
    );
    this.#restore();
    if (this.#queue.size > 0) this.#loop.wake();
  }

  get name(): string {
    return this.#channel.name;
  }

  /** @returns what had to go for it, to be kept by the caller */
  add(waiting: Waiting): readonly Settled[] {
    const settled = this.#queue.add(waiting);
    for (const { state } of settled) this.#count(state);
    this.#loop.wake();
    return settled;
  }

  get queue(): Pick<ChannelQueue, "wants"> {
    return this.#queue;
  }

  /** From now on it goes there. What waits for a retry is sent at once. */
  replace(channel: Channel): void {
    const former = this.#channel;
    this.#channel = channel;
    if (former !== channel) {
      void this.#afterSending().then(() => former.close?.());
      this.#restore();
    }
    this.#notBeforeMs = 0;
    this.#parkedSinceMs = undefined;
    this.#retry.abort();
  }

  status(): ChannelStatus {
    const { up, lastError } = this.#loop.state;
    return {
      type: this.#channel.type,
      up,
      queueItems: this.#queue.size,
      waitingSinceMs: this.#queue.oldest?.queuedMs ?? null,
      ...(this.#parkedSinceMs === undefined ? {} : { parkedSinceMs: this.#parkedSinceMs }),
      ...(lastError === undefined ? {} : { lastError }),
      outcomes: { ...this.#outcomes },
    };
  }

  /** Sends what waits, until something fails or the time is over. What is left is sent after the next start. Never rejects. */
  async close(): Promise<void> {
    await this.#loop.close();
    this.#breakOff.abort();
    await this.#afterSending();
    await this.#channel.close?.();
  }

  /** The channel is no longer wanted, and what waits for it is given up. */
  async remove(): Promise<void> {
    this.#settle(this.#queue.giveUp("the channel is no longer configured"));
    this.#breakOff.abort();
    await this.close();
  }

  async #step(): Promise<void> {
    const channel = this.#channel;
    const most = this.#alone > 0 ? 1 : channel.mostTogether;
    const { batch, settled } = this.#queue.next(most, this.#options.now());
    this.#settle(settled);
    if (batch === undefined) return;
    const { lastError = null } = this.#loop.state;
    // Before it is sent: if the process ends meanwhile, it may have been delivered.
    this.#options.record(batch.shown.map((waiting) => ({ waiting, state: "pending", reason: lastError })));
    const sending = sendInTime(channel, this.#messageOf(batch), {
      signal: this.#breakOff.signal,
      sendMs: this.#times.sendMs,
    });
    this.#sending = sending;
    const outcome = await sending;
    switch (outcome.outcome) {
      case "delivered":
        this.#alone = Math.max(0, this.#alone - batch.shown.length);
        this.#works();
        this.#settle(this.#queue.delivered(batch));
        return;
      case "refused":
        this.#works();
        this.#refused(batch, outcome.reason);
        return;
      case "failed":
        if (channel !== this.#channel) return;
        this.#notBeforeMs = this.#options.now() + (outcome.afterMs ?? 0);
        this.#parkedSinceMs = undefined;
        break;
      case "parked":
        if (channel !== this.#channel) return;
        if (this.#parkedSinceMs === undefined) this.#options.onParked(outcome.reason);
        this.#parkedSinceMs ??= this.#options.now();
    }
    this.#fails(outcome.reason);
    throw new Error(outcome.reason);
  }

  /** One of several may be at fault: each is then sent by itself. */
  #refused(batch: Batch, reason: string): void {
    if (batch.shown.length > 1) {
      this.#alone = batch.shown.length;
      this.#queue.refusedTogether(batch);
      return;
    }
    this.#alone = Math.max(0, this.#alone - 1);
    this.#options.onRefused(reason, batch.shown.length);
    this.#settle(this.#queue.refused(batch, reason));
  }

  #messageOf({ shown, counted, collapsed }: Batch): Message {
    const nowMs = this.#options.now();
    const late = shown.map(({ transition }) => Math.max(nowMs - transition.atMs, transition.lateMs ?? 0));
    const lateMs = Math.max(...late);
    return {
      notifications: shown.map(({ transition }) => transition),
      more: counted.length,
      collapsed,
      lateMs: lateMs >= LATE_MS ? lateMs : undefined,
      isTest: false,
    };
  }

  #works(): void {
    this.#failingSinceMs = undefined;
    this.#parkedSinceMs = undefined;
    this.#options.onTrouble(undefined);
  }

  #fails(reason: string): void {
    this.#count("failed");
    const { now, onTrouble } = this.#options;
    this.#failingSinceMs ??= now();
    const parked = this.#parkedSinceMs !== undefined;
    if (parked || now() - this.#failingSinceMs >= this.#times.troubleMs) onTrouble({ reason, parked });
  }

  #settle(settled: readonly Settled[]): void {
    if (settled.length === 0) return;
    for (const { state } of settled) this.#count(state);
    this.#options.record(settled);
  }

  #count(outcome: DeliveryOutcome): void {
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    const asked = this.#notBeforeMs - this.#options.now();
    const waitMs = this.#parkedSinceMs === undefined ? Math.max(ms, asked) : this.#times.parkedMs;
    this.#retry = new AbortController();
    const stop = AbortSignal.any([signal, this.#retry.signal]);
    await sleep(Math.min(waitMs, LONGEST_WAIT_MS), undefined, { signal: stop, ref: false });
  }

  /** Some channels tell their receiver again and again of what fires. */
  #restore(): void {
    const { told } = this.#queue;
    if (told.length > 0) this.#channel.restore?.(told);
  }

  async #afterSending(): Promise<void> {
    await this.#sending;
  }
}

/** Without what is undefined. */
function given(times: DeliveryTimes = {}): {
  readonly [K in keyof DeliveryTimes]?: Exclude<DeliveryTimes[K], undefined>;
} {
  return Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined));
}
