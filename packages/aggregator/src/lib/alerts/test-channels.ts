import { setTimeout as sleep } from "node:timers/promises";
import type { Transition } from "@slipstream/alerts";
import type { Environment } from "@slipstream/config";
import type { Logger } from "../logger.ts";
import type { Channel, Outcome } from "./channels/channel.ts";
import { openChannelMemory } from "./channels/channel-memory.ts";
import type { ChannelsSettings } from "./channels/channel-types.ts";
import { createChannels } from "./channels/create-channels.ts";
import { sendInTime } from "./deliver/send-in-time.ts";
import { createSender } from "./http/sender.ts";

export interface ChannelTest {
  /** No others are added. */
  readonly channels: ChannelsSettings;
  /** What to send, in this order, marked as a test. */
  readonly notifications: readonly Transition[];
  /** For secrets that are in a variable. */
  readonly environment: Environment;
  /** Where channels keep what they must remember. */
  readonly dataDir: string;
  /** Name of the aggregator's own desk; undefined: it has none. */
  readonly desk?: string | undefined;
  readonly logger: Logger;
  readonly print: (text: string) => void;
  /** Breaks the sending off. */
  readonly signal: AbortSignal;
}

/** What a channel answered. */
export interface ChannelAnswer {
  readonly channel: string;
  readonly type: string;
  readonly answers: readonly {
    /** Of the notifications that were sent together. */
    readonly rules: readonly string[];
    readonly outcome: Outcome["outcome"];
    /** Why it was not taken. Holds no secret. */
    readonly reason?: string;
  }[];
  /** Rules that were not tried, because a channel that cannot be reached or that is wrong takes nothing. */
  readonly notSent: readonly string[];
}

/** A receiver that asks to be left alone for longer is not waited for, ms. */
const LONGEST_WAIT_MS = 60_000;
const MOST_ATTEMPTS = 5;

/**
 * Sends notifications through every channel, whatever its routing, as the aggregator would: together as far as the channel takes
 * several, and again after as long as a receiver asks for.
 * @throws ConfigError if a secret of a channel cannot be read
 */
export async function testChannels(test: ChannelTest): Promise<readonly ChannelAnswer[]> {
  const { channels, notifications, environment, dataDir, desk, logger, print, signal } = test;
  const sender = createSender();
  const onFault = (reason: string): void => logger.warn({ reason }, "What channels remember is not kept");
  try {
    const made = await createChannels(channels, environment, {
      send: sender.send,
      logger,
      print,
      memory: await openChannelMemory(dataDir, onFault),
      desk,
    });
    return await Promise.all(
      made.map(async ({ channel }) => {
        const answer = await answerOf(channel, notifications, signal);
        await channel.close?.();
        return answer;
      }),
    );
  } finally {
    await sender.close();
  }
}

async function answerOf(
  channel: Channel,
  notifications: readonly Transition[],
  signal: AbortSignal,
): Promise<ChannelAnswer> {
  const { name, type, mostTogether } = channel;
  const answers: ChannelAnswer["answers"][number][] = [];
  for (let at = 0; at < notifications.length; at += mostTogether) {
    const together = notifications.slice(at, at + mostTogether);
    const outcome = await send(channel, together, signal);
    answers.push({ rules: rulesOf(together), ...outcome });
    // The next ones would not be taken, either.
    if (outcome.outcome === "failed" || outcome.outcome === "parked") {
      return { channel: name, type, answers, notSent: rulesOf(notifications.slice(at + mostTogether)) };
    }
  }
  return { channel: name, type, answers, notSent: [] };
}

async function send(
  channel: Channel,
  notifications: readonly Transition[],
  signal: AbortSignal,
): Promise<{ readonly outcome: Outcome["outcome"]; readonly reason?: string }> {
  const message = { notifications, more: 0, collapsed: 0, lateMs: undefined, isTest: true };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await sendInTime(channel, message, { signal });
    if (answer.outcome === "delivered") return { outcome: answer.outcome };
    const { outcome, reason } = answer;
    const waitMs = answer.outcome === "failed" ? answer.afterMs : undefined;
    if (waitMs === undefined || waitMs > LONGEST_WAIT_MS || attempt === MOST_ATTEMPTS || signal.aborted) {
      return { outcome, reason };
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

function rulesOf(notifications: readonly Transition[]): readonly string[] {
  return notifications.map(({ rule }) => rule);
}
