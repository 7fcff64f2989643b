import type { Matcher } from "@slipstream/alerts";
import { z } from "zod";
import type { AlertAnswer, AlertsAnswer, SilenceAnswer } from "../api/alert-answers.ts";
import { channelsSchema } from "./channels-schema.ts";
import { maybe, named, number, text } from "./named.ts";

const severity = z.enum(["critical", "warning", "info"]);
const value = z.union([z.number(), z.string(), z.null()]);
const labels = z.record(z.string(), z.string());

export const alertSchema: z.ZodType<AlertAnswer> = named(
  "Alert",
  z.strictObject({
    id: text("Its identity: the rule and the labels. It is the same each time that it fires."),
    rule: text("Id of the rule."),
    labels: labels.describe("Of the series that it is about, and those that the rule adds."),
    state: z
      .enum(["pending", "firing", "no_data"])
      .describe("`pending`: the condition holds, and not for long enough yet."),
    noData: z.boolean().describe("Whether its value is not known. An alert that fires goes on then."),
    reason: maybe(z.string(), "Why it is not known."),
    since: text("Since when it is in this state (time of receipt)."),
    value: value.describe("The value. `null`: not known."),
    worst: value.describe("The worst value since it fires."),
    unit: text("Unit of the values."),
    count: number("Samples behind the value."),
    severity: severity.describe("Its severity now, after escalation."),
    episode: number("Which firing it is. 0: it has not fired yet."),
    occurrence: number("How often it was counted; starts again after 30 min without firing."),
    acknowledged: maybe(
      z.strictObject({
        by: text("By whom."),
        comment: text("What was said to it."),
        at: text("When."),
      }),
      "Whether somebody has acknowledged it. `null`: nobody.",
    ),
    silencedBy: maybe(z.string(), "Id of the silence that mutes it."),
    inhibitedBy: maybe(z.string(), "Id of the alert that mutes it while it fires."),
  }),
);

const rule = z.strictObject({
  rule: text("Id of the rule."),
  state: z.enum(["inactive", "pending", "firing", "no_data"]).describe("The worst of its alerts'."),
  reason: maybe(z.string(), "Why all of its series are unknown, or one of them."),
  series: number("Series that it reads."),
  unknown: number("Of them: those whose value is not known."),
  pending: number("Alerts that are pending."),
  firing: number("Alerts that fire."),
  beyond: number("Series whose condition holds and which are no alert, because there are too many."),
});

const digestEntry = z.strictObject({
  alert: text("Identity of the alert."),
  rule: text("Id of the rule."),
  labels: labels.describe("Its labels."),
  severity: severity.describe("Its highest severity."),
  times: number("How often it fired."),
  fired: text("When it fired first (event time)."),
  resolved: text("When it resolved last (event time)."),
  worst: value.describe("The worst value."),
  unit: text("Unit of the value."),
});

/** The answer of `/api/alerts`. */
export const alertsSchema: z.ZodType<AlertsAnswer> = named(
  "Alerts",
  z.strictObject({
    alerts: z.array(alertSchema).describe("Every alert that is not inactive; what fires comes first."),
    states: z
      .strictObject({
        firing: number("Alerts that fire."),
        pending: number("Alerts that are about to."),
        no_data: number("Alerts and rules without data."),
      })
      .describe("How many there are in each state."),
    rules: z.array(rule).describe("Every rule that is on."),
    digest: maybe(
      z.strictObject({
        at: text("When the backlog was worked off."),
        entries: z.array(digestEntry).describe("Alerts that fired and resolved meanwhile."),
        more: number("How many more times alerts fired."),
      }),
      "What fired and resolved while a backlog was worked off last, and was not sent one by one. `null`: none was.",
    ),
    channels: channelsSchema,
  }),
);

const matcher: z.ZodType<Matcher> = z.strictObject({
  label: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/, "allowed: a label's name: letters, digits and _")
    .describe(
      "Name of a label. `alertname` is the rule's id; `severity` and `desk` are matched as labels, too.",
    ),
  operator: z.enum(["=", "!=", "=~", "!~"]).describe("`=~` and `!~` take a regular expression."),
  value: z.string().max(500).describe("The value. A regular expression must match the whole value."),
});

const matchersWanted =
  "needed is a list of 1 to 32 matchers, or a text such as pair=SOL/USDC of 4,000 characters at most";

/** The matchers of a silence to be made. */
export const matchersSchema: z.ZodType<readonly Matcher[]> = z
  .array(matcher)
  .min(1, matchersWanted)
  .max(32, matchersWanted);

const silence = z.strictObject({
  id: text("Its id."),
  matchers: z.array(matcher).describe("All of them must match an alert."),
  since: text("Since when it holds."),
  until: text("When it ends."),
  by: text("Who made it."),
  comment: text("Why."),
});

/** The answers of `/api/silences`. */
export const silenceSchema: z.ZodType<SilenceAnswer> = named("Silence", silence);

export const silencesSchema: z.ZodType<{ readonly silences: readonly SilenceAnswer[] }> = named(
  "Silences",
  z.strictObject({ silences: z.array(silenceSchema).describe("Those that have not ended, by their ends.") }),
);

const by = z.string().max(200).default("api").describe("Who it is. Default: `api`.");
const comment = z.string().max(1_000).default("").describe("Why.");

/** What acknowledges an alert. */
export interface Acknowledge {
  readonly by: string;
  readonly comment: string;
  readonly episode?: number;
}

export const acknowledgeSchema: z.ZodType<Acknowledge> = named(
  "Acknowledge",
  z.strictObject({
    by,
    comment,
    episode: z.int().min(1).exactOptional().describe("Only if this is the episode in which it fires."),
  }),
);

/** What silences alerts. */
export interface NewSilence extends Pick<Acknowledge, "by" | "comment"> {
  /** As text such as `pair=SOL/USDC, service=~"desk-.*"`, or read. */
  readonly matchers: string | readonly Matcher[];
  /** Such as `2h`. */
  readonly duration?: string;
  /** ISO 8601. */
  readonly until?: string;
}

export const newSilenceSchema: z.ZodType<NewSilence> = named(
  "NewSilence",
  z.strictObject({
    matchers: z
      .union([z.string().min(1, matchersWanted).max(4_000, matchersWanted), matchersSchema], matchersWanted)
      .describe(
        'All of them must match an alert: a list, or a text such as `pair=SOL/USDC, service=~"desk-.*"`.',
      ),
    duration: text("How long it holds, such as `30m` or `2h`. This or `until` is needed.").exactOptional(),
    until: z.iso.datetime({ offset: true }).describe("When it ends, ISO 8601.").exactOptional(),
    by,
    comment,
  }),
);
