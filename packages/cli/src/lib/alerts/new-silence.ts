import { parseDuration } from "@slipstream/alerts";
import { parseMatchers } from "@slipstream/alerts/matchers";
import { SlipstreamError } from "@slipstream/conventions";
import type { NewSilence } from "../client/aggregator-client.ts";

/** What a person gives for a silence, as the flags of `slipstream silence add` hold it. */
export interface SilenceFlags {
  readonly for?: string;
  readonly until?: string;
  readonly by: string;
  readonly comment: string;
}

/** @throws SlipstreamError `usage` for what the aggregator would refuse */
export function newSilence(
  matchers: string,
  { for: duration, until, by, comment }: SilenceFlags,
): NewSilence {
  const parsed = parseMatchers(matchers);
  if ("problem" in parsed) {
    throw new SlipstreamError(
      "usage",
      `the matchers are wrong at column ${parsed.column}: ${parsed.problem}`,
    );
  }
  const said = { matchers, by, comment };
  if ((duration === undefined) === (until === undefined)) {
    throw new SlipstreamError("usage", "give either --for, as in --for 2h, or --until");
  }
  if (duration !== undefined) {
    if ((parseDuration(duration) ?? 0) > 0) return { ...said, duration };
    throw new SlipstreamError(
      "usage",
      `--for = ${JSON.stringify(duration)} is not a duration; allowed: 30m, 2h, 1d`,
    );
  }
  const untilMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(until ?? "")
    ? Date.parse(until ?? "")
    : Number.NaN;
  if (untilMs > Date.now()) return { ...said, until: new Date(untilMs).toISOString() };
  throw new SlipstreamError(
    "usage",
    Number.isNaN(untilMs)
      ? `--until = ${JSON.stringify(until)} is not a time; allowed: 2026-03-01T10:30:00Z`
      : `--until = ${JSON.stringify(until)} is over already`,
  );
}
