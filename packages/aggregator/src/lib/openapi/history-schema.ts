import { z } from "zod";
import type { HistoryAnswer } from "../api/history-series.ts";
import { named, number, text } from "./named.ts";

const pointSchema = z.strictObject({
  time: text("End of the step."),
  value: z
    .union([z.number(), z.string()])
    .describe(
      "The last value in the step; of counts, money and rates by label, the value of the whole step.",
    ),
  min: number(
    "The lowest value in the step. Absent for words, and for values of the whole step.",
  ).exactOptional(),
  max: number(
    "The highest value in the step. Absent for words, and for values of the whole step.",
  ).exactOptional(),
});

/** The answer of `/api/history`. */
export const historySchema: z.ZodType<HistoryAnswer> = named(
  "History",
  z.strictObject({
    statistic: text("The statistic that was asked for."),
    unit: text("Unit of its values."),
    from: text("Start of the period."),
    to: text("End of the period."),
    stepSeconds: number("Time between points."),
    series: z
      .array(
        z.strictObject({
          labels: z
            .record(z.string(), z.string())
            .describe(
              "`operation` and `quantile` of latency; the label of a statistic by label, and `status`, `verdict` or `quantile`.",
            ),
          points: z.array(pointSchema).describe("Ascending. A step in which nothing was known has none."),
        }),
      )
      .describe("One for each set of labels."),
  }),
);
