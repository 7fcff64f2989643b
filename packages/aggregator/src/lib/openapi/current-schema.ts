import { aggregatorMetrics } from "@slipstream/conventions";
import type { CurrentStatistics, RefusedValue } from "@slipstream/engine";
import { type IntervalKind, intervalKinds, type NamedInterval } from "@slipstream/stats";
import { z } from "zod";
import { maybe, named, number, text } from "./named.ts";

const kinds = Object.keys(intervalKinds) as [IntervalKind, ...IntervalKind[]];

export const intervalSchema: z.ZodType<NamedInterval> = named(
  "Interval",
  z.strictObject({
    low: maybe(z.number(), "Lower end, included. `null`: open."),
    high: maybe(z.number(), "Upper end, included. `null`: open."),
    kind: z.enum(kinds).describe("What the interval is."),
    reason: text("Why it is open.").exactOptional(),
  }),
);

const statistic = {
  value: z
    .union([z.number(), z.string(), z.null()])
    .describe("The value. `null`: not known, and `reason` says why."),
  unit: text("Its unit."),
  count: number("Samples behind it."),
  windowSeconds: maybe(z.number(), "Length of the window, in seconds. `null`: a total."),
  since: maybe(
    z.string(),
    "Of a total: time of receipt from which it counts. `null`: not known, and `reason` says what is.",
  ).exactOptional(),
  interval: intervalSchema
    .describe("Of a share or a percentile: where it lies in the long run.")
    .exactOptional(),
  sketchError: intervalSchema
    .describe("Of a percentile: where the exact one of these samples lies.")
    .exactOptional(),
  reason: text("Why the value is not known, or what it rests on.").exactOptional(),
};

const statisticSchema = named("Statistic", z.strictObject(statistic));

const seriesSchema = named(
  "LabelledStatistic",
  z.strictObject({
    ...statistic,
    labels: z.record(z.string(), z.string()).describe("Tells the members of a series apart."),
  }),
);

const gapSchema = z.strictObject({
  instance: text("`service.instance.id` of the process; empty if it has none."),
  from: number("First number (`slipstream.seq`) that did not come."),
  to: number("Last one."),
  since: text("When the gap was noticed."),
});

/** Values of one kind that were not counted. */
export const refusedValueSchema: z.ZodType<RefusedValue> = named(
  "RefusedValue",
  z.strictObject({
    attribute: text("Name of the attribute or of the metric."),
    reason: z.enum(aggregatorMetrics.valuesRefused.labels.reason).describe("Why: see attributes.md."),
    count: number("How many."),
    examples: z.array(z.string()).describe("Some of them, each once."),
  }),
);

const serviceSchema = named(
  "ServiceCounts",
  z.strictObject({
    since: maybe(z.string(), "Time of receipt from which these count.").exactOptional(),
    received: number("Distinct spans."),
    duplicate: number("Spans seen before; not among the received."),
    late: number("Of the received: those that came after their instant had been published."),
    refused: number("Items that could not be read; not among the received."),
    clockAhead: number(
      "Of the received: those that ended more than 5 s after their receipt.",
    ).exactOptional(),
    clockBehind: number(
      "Of the received: those that were placed later than they say, because the clock of their process is behind.",
    ).exactOptional(),
    clockBehindSeconds: number(
      "How far the clock is behind, of its processes the furthest. Absent until it is known.",
    ).exactOptional(),
    refusedValues: z
      .array(refusedValueSchema)
      .describe("Values that cannot be true and were not counted, by kind, the most frequent first.")
      .exactOptional(),
    completeness: maybe(z.number(), "Spans seen / spans ended. `null`: the spans are not numbered."),
    ended: maybe(z.number(), "Spans that its processes ended, by their numbers."),
    missing: maybe(z.number(), "Those of them that were not seen."),
    gaps: z.array(gapSchema).describe("The largest ranges of numbers that did not come.").exactOptional(),
    reason: text("Why completeness is not known.").exactOptional(),
  }),
);

/** The answer of `/api/current`. */
export const currentSchema: z.ZodType<CurrentStatistics> = named(
  "Current",
  z.strictObject({
    time: maybe(z.string(), "Event time of the statistics. `null` before the first event."),
    statistics: z
      .record(
        z.string(),
        z.union([
          statisticSchema,
          z.strictObject({ series: z.array(seriesSchema).describe("One entry for each set of labels.") }),
        ]),
      )
      .describe("By name. One that has labels is a series."),
    services: z.record(z.string(), serviceSchema).describe("By `service.name`."),
  }),
);
