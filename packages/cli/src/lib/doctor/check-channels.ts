import { quantity } from "@slipstream/conventions";
import type { ChannelAnswer } from "../client/readiness-schema.ts";
import type { Finding } from "./check.ts";

const check = "Notifications";

/** That a channel takes no notifications, and what to do about it. */
export function checkChannels(channels: Readonly<Record<string, ChannelAnswer>>): Finding[] {
  return Object.entries(channels).flatMap(([name, channel]): Finding[] => {
    const { up, queueItems, parkedSinceMs, lastError } = channel;
    if (parkedSinceMs === undefined && up !== false) return [];
    const why = lastError === undefined ? "" : `: ${lastError}`;
    const waiting = `${quantity(queueItems, "notification")} waiting, sent then`;
    return parkedSinceMs === undefined
      ? [
          {
            check,
            outcome: "warn",
            text: `its channel ${name} takes no notifications${why}`,
            remedy: `check that its receiver is up and can be reached from the aggregator; ${waiting}`,
          },
        ]
      : [
          {
            check,
            outcome: "bad",
            text: `its channel ${name} has taken no notifications since ${new Date(parkedSinceMs).toISOString().slice(0, 19)}Z, and will not by itself${why}`,
            remedy: `correct its address or secret, and reload the aggregator (SIGHUP); ${waiting}`,
          },
        ];
  });
}
