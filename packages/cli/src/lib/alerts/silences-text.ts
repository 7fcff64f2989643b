import { elapsedText } from "@slipstream/alerts";
import type { SilenceAnswer } from "../client/alerts-schema.ts";
import { tableText } from "../mev/numbers.ts";

/** The silences that hold, as a table for people. */
export function silencesText(silences: readonly SilenceAnswer[], nowMs: number): string {
  if (silences.length === 0) return "no silences";
  const rows = silences.map((silence) => [
    silence.id,
    matchersText(silence),
    leftText(silence, nowMs),
    silence.by,
    silence.comment,
  ]);
  return tableText(["silence", "matches", "ends in", "by", "comment"], rows, {
    left: [0, 1, 2, 3, 4],
  }).join("\n");
}

/** What was made. */
export function silencedText(silence: SilenceAnswer): string {
  return [
    `Silenced ${matchersText(silence)} until ${silence.until}`,
    `To end it: slipstream silence expire ${silence.id}`,
  ].join("\n");
}

/** As `slipstream silence add` takes them. */
export function matchersText({ matchers }: Pick<SilenceAnswer, "matchers">): string {
  return matchers.map(({ label, operator, value }) => `${label}${operator}${written(value)}`).join(",");
}

function written(value: string): string {
  return /^[^\s",\\~][^",\\]*$/.test(value) && value === value.trim()
    ? value
    : `"${value.replaceAll(/(["\\])/g, "\\$1")}"`;
}

function leftText({ until }: SilenceAnswer, nowMs: number): string {
  return elapsedText(Math.max(0, Date.parse(until) - nowMs) / 1_000);
}
