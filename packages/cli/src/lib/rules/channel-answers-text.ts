import type { ChannelAnswer } from "@slipstream/aggregator";
import { tableText } from "../mev/numbers.ts";

/** What each channel answered, and why it did not take what it did not take. */
export function channelAnswersText(channels: readonly ChannelAnswer[]): string {
  const rows = channels.map(({ channel, type, answers, notSent }) => {
    const taken = answers.filter(({ outcome }) => outcome === "delivered").flatMap(({ rules }) => rules);
    const refused = answers.filter(({ outcome }) => outcome !== "delivered").flatMap(({ rules }) => rules);
    return [channel, type, String(taken.length), String(refused.length), String(notSent.length)];
  });
  const head = ["channel", "type", "taken", "not taken", "not tried"];
  const reasons = channels.flatMap(({ channel, answers }) =>
    answers.flatMap(({ rules, outcome, reason }) =>
      outcome === "delivered" ? [] : [`${channel}: ${rules.join(", ")}: ${reason ?? outcome}`],
    ),
  );
  const table = tableText(head, rows, { left: [0, 1] });
  return [...table, ...(reasons.length === 0 ? [] : ["", ...reasons])].join("\n");
}

/** Whether every channel took everything. */
export function allTaken(channels: readonly ChannelAnswer[]): boolean {
  return channels.every(
    ({ answers, notSent }) => notSent.length === 0 && answers.every(({ outcome }) => outcome === "delivered"),
  );
}
