import { z } from "zod";
import type { DeskList } from "../api/desk.ts";
import { maybe, named, number } from "./named.ts";

/** The answer of `/api/desks`. */
export const desksSchema: z.ZodType<DeskList> = named(
  "Desks",
  z.strictObject({
    desks: z
      .array(
        z.strictObject({
          name: maybe(z.string(), "`slipstream.desk`. `null`: the aggregator's own desk has no name."),
          own: z.boolean().describe("Whether it is the aggregator's own."),
          time: maybe(z.string(), "Event time of its statistics. `null` before its first event."),
        }),
      )
      .describe("The aggregator's own desk, then the others in the order in which they came."),
    maxDesks: number("Most desks beside the aggregator's own."),
    leftOut: z
      .strictObject({
        spans: number("Spans."),
        points: number("Metric points."),
        desks: z.array(z.string()).describe("The first of the desks that they came from."),
      })
      .describe(
        "What no statistic counts, because there are more desks than `maxDesks` or the name is none.",
      ),
  }),
);
